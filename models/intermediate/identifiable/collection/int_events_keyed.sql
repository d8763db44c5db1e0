-- One row per accepted event row: when it ended, whom it is about and what makes it one event.
with

rows_validated as (

    select *
    from {{ ref('int_rows_validated') }}
    where
        outcome = 'accepted'
        and event_type is not null
        and {{ received_by_as_of('received_at') }}

),

outcomes as (

    select
        release_2_value as event_outcome,
        min(position) as outcome_place
    from {{ ref('specification_codes') }}
    where
        code_list = 'event_outcome'
        and specification_version in ('release_2', 'derived')
    group by release_2_value

),

policy as (

    select {{ policy_value('conversation_marker', dbt.type_string()) }} as conversation_marker
    from {{ ref('collection_policy') }}

),

---------- who an event is about: the supplied number if the council gives one, else its own id

numbers_of_clients as (

    select
        sender_la_code,
        la_person_unique_identifier,
        max(nhs_number) as supplied_nhs_number
    from rows_validated
    where {{ nhs_number_is_valid('nhs_number') }}
    group by sender_la_code, la_person_unique_identifier
    having count(distinct nhs_number) = 1

),

dated as (

    select
        rows_validated.*,
        coalesce(
            numbers_of_clients.supplied_nhs_number,
            rows_validated.sender_la_code || '_' || rows_validated.la_person_unique_identifier
        ) as person_key,
        case
            when
                rows_validated.date_of_death between rows_validated.event_start_date
                and rows_validated.event_end_date
                then rows_validated.date_of_death
            when
                rows_validated.event_end_date is null
                and rows_validated.date_of_death > rows_validated.event_start_date
                then rows_validated.date_of_death
            else rows_validated.event_end_date
        end as derived_event_end_date,
        coalesce(outcomes.outcome_place, 999) as outcome_place,
        coalesce(
            contains(lower(rows_validated.event_description), policy.conversation_marker), false
        ) as is_conversation
    from rows_validated
    cross join policy
    left join numbers_of_clients
        on
            rows_validated.sender_la_code = numbers_of_clients.sender_la_code
            and rows_validated.la_person_unique_identifier
            = numbers_of_clients.la_person_unique_identifier
    left join outcomes
        on rows_validated.event_outcome = outcomes.event_outcome

),

keyed as (

    select
        *,
        concat_ws(
            '|',
            cast(event_start_date as {{ dbt.type_string() }}),
            coalesce(client_type, ''),
            event_type,
            case
                when event_type <> 'Service'
                    then cast(derived_event_end_date as {{ dbt.type_string() }})
                else ''
            end,
            case when event_type = 'Request' then coalesce(request_route_of_access, '') else '' end,
            case when event_type = 'Assessment' then coalesce(assessment_type, '') else '' end,
            case when event_type = 'Service' then coalesce(service_type, '') else '' end,
            case when event_type = 'Service' then coalesce(service_component, '') else '' end
        ) as event_key,
        case
            when event_type = 'Service'
                then
                    concat_ws(
                        '|',
                        coalesce(delivery_mechanism, ''),
                        coalesce(cast(unit_cost as {{ dbt.type_string() }}), ''),
                        coalesce(cost_frequency_unit_type, ''),
                        coalesce(cast(planned_units_per_week as {{ dbt.type_string() }}), '')
                    )
            else ''
        end as cost_key
    from dated

)

select
    ---------- the row
    submission_id,
    row_number,
    received_at,

    ---------- what makes it one event
    sender_la_code,
    person_key,
    event_key,
    cost_key,

    ---------- which copy is kept
    outcome_place,
    is_conversation,

    ---------- the event
    la_person_unique_identifier,
    date_of_death,
    event_type,
    event_start_date,
    derived_event_end_date
from keyed
