-- One row per service row with a start, as long as its person lived: what begins after a death
-- is left out, and a death ends what goes on.
with

events as (

    select * from {{ ref('int_care_events_pseudonymised') }}

),

settings as (

    select * from {{ ref('care_settings') }}

),

support_kinds as (

    select * from {{ ref('support_kinds') }}

),

deaths as (

    select * from {{ ref('int_deaths_reconciled') }}

),

dated as (

    select
        ---------- who
        events.la_code,
        events.person_token,
        events.client_type,
        events.age_band_at_start,

        ---------- what
        support_kinds.support,
        settings.setting_rank,
        support_kinds.stitch_days,
        support_kinds.is_long_term,
        support_kinds.is_care_home,
        events.service_component,
        events.delivery_mechanism,
        events.event_outcome,

        ---------- when
        events.event_start_date as start_date,
        case
            when deaths.died_on is null then events.event_end_date
            else least(coalesce(events.event_end_date, deaths.died_on), deaths.died_on)
        end as end_date,

        ---------- money
        events.unit_cost,
        events.cost_frequency_unit_type,
        events.planned_units_per_week,
        events.is_council_cost
    from events
    inner join settings
        on events.service_type = settings.service_type
    inner join support_kinds
        on settings.cohort = support_kinds.support
    left join deaths
        on events.person_token = deaths.person_token
    where
        events.event_type = 'Service'
        and events.event_start_date is not null
        and (deaths.died_on is null or events.event_start_date <= deaths.died_on)
        and (events.event_end_date is null or events.event_end_date >= events.event_start_date)

)

select * from dated
