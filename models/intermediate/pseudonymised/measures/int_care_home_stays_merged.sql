-- One row per unbroken stay of a person in care homes at a council's cost, nursing and
-- residential together: a move between the two is no new admission. A component that is blank
-- counts; one that says short term does not.
with

services as (

    select *
    from {{ ref('int_services_dated') }}
    where
        is_care_home
        and coalesce(service_component, '') not like 'Short term%'

),

{{ intervals_merged(
    'marked', 'services', ['la_code', 'person_token'], 'start_date', 'end_date', 'stitch_days'
) }},

merged as (

    select
        ---------- who
        la_code,
        person_token,
        min_by(age_band_at_start, start_date) as age_band_at_start,

        ---------- when
        min(start_date) as start_date,
        case when count(*) = count(end_date) then max(end_date) end as end_date,

        ---------- how it ended
        max_by(event_outcome, coalesce(end_date, date '9999-12-31')) as last_outcome
    from marked
    group by la_code, person_token, island

)

select * from merged
