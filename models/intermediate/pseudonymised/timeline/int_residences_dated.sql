-- One row per council, person and stretch of time: where the council's latest event so far says
-- that the person lived and was registered. The first row reaches back without end.
with

events as (

    select * from {{ ref('int_care_events_pseudonymised') }}

),

by_day as (

    select
        la_code,
        person_token,
        event_start_date,
        max(lsoa11) as lsoa11,
        max(resident_ccg_code) as resident_ccg_code,
        max(registered_ccg_code) as registered_ccg_code
    from events
    where event_start_date is not null
    group by 1, 2, 3

),

ordered as (

    select
        *,
        row_number() over (partition by la_code, person_token order by event_start_date)
            as place,
        lead(event_start_date) over (partition by la_code, person_token order by event_start_date)
            as next_start_date
    from by_day

),

dated as (

    select
        ---------- who
        la_code,
        person_token,

        ---------- when
        case when place = 1 then date '0001-01-01' else event_start_date end as valid_from,
        coalesce({{ days_added('next_start_date', -1) }}, date '9999-12-31') as valid_to,

        ---------- where
        lsoa11,
        resident_ccg_code,
        registered_ccg_code
    from ordered

)

select * from dated
