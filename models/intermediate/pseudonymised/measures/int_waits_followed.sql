-- One row per measure of waiting and event that begins a wait: the days until the first event
-- that ends it. Two events of a person that begin it on one day are one.
with

events as (

    select * from {{ ref('int_care_events_pseudonymised') }}
    where
        event_start_date is not null
        and coalesce(assessment_type, '') <> 'Financial assessment'

),

pairs as (

    select * from {{ ref('waiting_pairs') }}

),

policy as (

    select {{ policy_value('waiting_days', 'integer') }} as waiting_days
    from {{ ref('report_policy') }}

),

begun as (

    select distinct
        pairs.measure,
        pairs.to_event_type,
        events.la_code,
        events.person_token,
        events.event_start_date
    from events
    inner join pairs
        on
            events.event_type = pairs.from_event_type
            and events.event_outcome = pairs.from_outcome

),

followed as (

    select
        ---------- which wait, who, when
        begun.measure,
        begun.la_code,
        begun.person_token,
        begun.event_start_date,

        ---------- how long; null where nothing came
        {{ days_between('begun.event_start_date', 'min(events.event_start_date)') }} as days_waited
    from begun
    cross join policy
    left join events
        on
            begun.la_code = events.la_code
            and begun.person_token = events.person_token
            and begun.to_event_type = events.event_type
            and begun.event_start_date <= events.event_start_date
            and events.event_start_date
            <= {{ days_added('begun.event_start_date', 'policy.waiting_days') }}
    group by 1, 2, 3, 4

)

select * from followed
