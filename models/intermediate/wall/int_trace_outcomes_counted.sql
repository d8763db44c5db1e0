-- One row per council, attribute, category and trace step: persons traced so. Counts cross the
-- wall: whom the trace missed is seen by age, ethnic group and kind of event, not by person.
with

traced as (

    select * from {{ ref('int_persons_traced') }}

),

requests as (

    select * from {{ ref('int_trace_requests') }}

),

accepted_rows as (

    select *
    from {{ ref('int_rows_validated') }}
    where
        outcome = 'accepted'
        and {{ received_by_as_of('received_at') }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

ethnic_groups as (

    select distinct
        release_2_value,
        group_value
    from {{ ref('specification_codes') }}
    where code_list = 'ethnicity'

),

reference as (

    select max(reference_date) as reference_date
    from {{ ref('int_persons_pseudonymised') }}

),

steps as (

    select
        la_code,
        la_person_unique_identifier,
        {{ trace_step_counted('trace_step') }} as trace_step
    from traced

),

-- Of several ethnicities of one person the first by spelling counts, so that runs agree.
ethnicities as (

    select
        accepted_rows.sender_la_code as la_code,
        accepted_rows.la_person_unique_identifier,
        min(ethnic_groups.group_value) as ethnic_group
    from accepted_rows
    inner join ethnic_groups
        on accepted_rows.ethnicity = ethnic_groups.release_2_value
    group by 1, 2

),

event_types as (

    select distinct
        sender_la_code as la_code,
        la_person_unique_identifier,
        event_type
    from accepted_rows

),

categories as (

    select
        la_code,
        la_person_unique_identifier,
        'all' as attribute,
        'All' as category
    from traced

    union all

    select
        requests.la_code,
        requests.la_person_unique_identifier,
        'age_band' as attribute,
        coalesce(age_bands.ten_year_band, 'Unknown') as category
    from requests
    cross join reference
    left join age_bands
        on {{ age_on('requests.date_of_birth', 'reference.reference_date') }} = age_bands.age

    union all

    select
        traced.la_code,
        traced.la_person_unique_identifier,
        'ethnic_group' as attribute,
        coalesce(ethnicities.ethnic_group, 'No data') as category
    from traced
    left join ethnicities
        on
            traced.la_code = ethnicities.la_code
            and traced.la_person_unique_identifier = ethnicities.la_person_unique_identifier

    union all

    select
        la_code,
        la_person_unique_identifier,
        'event_type' as attribute,
        coalesce(event_type, 'Unknown') as category
    from event_types

),

counted as (

    select
        ---------- whose
        steps.la_code,

        ---------- what
        categories.attribute,
        categories.category,
        steps.trace_step,

        ---------- how many
        count(*) as persons
    from steps
    inner join categories
        on
            steps.la_code = categories.la_code
            and steps.la_person_unique_identifier = categories.la_person_unique_identifier
    group by 1, 2, 3, 4

)

select * from counted
