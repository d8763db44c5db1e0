-- One row per landed row: for each rule across its fields, whether it is broken; null where that
-- could not be told. A view, since hardly a row breaks any.
{{ config(materialized=view_of_long_text()) }}

with

rows_read as (

    select * from {{ ref('int_rows_read') }}

),

backfilled as (

    select * from {{ ref('int_person_ids_backfilled') }}

),

policy as (

    select
        {{ policy_value('collection_first_day', 'date') }} as first_day,
        {{ policy_value('adult_age', 'integer') }} as adult_age
    from {{ ref('collection_policy') }}

),

told_apart as (

    select
        rows_read.*,
        backfilled.submission_id is not null as is_backfilled,
        policy.first_day,
        policy.adult_age,
        coalesce(rows_read.client_type = 'Unpaid carer known by association', false)
            as is_association
    from rows_read
    left join backfilled
        on
            rows_read.submission_id = backfilled.submission_id
            and rows_read.row_number = backfilled.row_number
    cross join policy

),

checked as (

    select
        submission_id,
        row_number,
        concat_ws(
            '|',
            ''
            {%- for field in row_rule_inputs() %},
            case when {{ field }} is null then '{{ field }}' end
            {%- endfor %},
            ''
        ) as blank_inputs,
        is_total_row as total_row,
        la_person_unique_identifier is null and not is_backfilled as person_id_blank,
        is_backfilled as person_id_backfilled,
        event_type is null and not is_association as event_type_missing,
        event_start_date is null and not is_association as event_start_missing,
        event_end_date < event_start_date as end_before_start,
        -- The planned end of a service may lie ahead.
        event_type <> 'Service' and event_end_date > cast(received_at as date)
            as end_after_receipt,
        -- A service that began before the first day may go on; what was over by then may not come.
        case
            when event_type = 'Service' then event_end_date < first_day
            else coalesce(event_end_date, event_start_date) < first_day
        end as event_before_collection,
        event_type <> 'Service'
        and event_start_date < first_day
        and event_end_date >= first_day as event_start_before_collection,
        date_of_birth > event_start_date as birth_after_event,
        date_of_death < event_start_date as death_before_event,
        event_end_date > date_of_death and event_start_date <= date_of_death
            as event_outlives_client,
        date_of_birth <= event_start_date
        and {{ age_on('date_of_birth', 'event_start_date') }} < adult_age as client_under_18,
        assessment_type = 'Financial assessment' and event_outcome is not null
            as outcome_of_financial_assessment,
        client_type = 'Unpaid carer known by association' and event_type is not null
            as event_of_association,
        service_type = 'Long term support: Prison' and delivery_mechanism = 'Direct payment'
            as direct_payment_in_prison,
        unit_cost is not null and cost_frequency_unit_type is null as cost_without_frequency
    from told_apart

)

select * from checked
