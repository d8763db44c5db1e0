-- One row per request of the months covered that progresses to an assessment: the days until the
-- next assessment of the same person began.
with

care_events as (

    select * from {{ ref('int_care_events_pseudonymised') }}

),

policy as (

    select {{ policy_value('waiting_days', 'integer') }} as waiting_days
    from {{ ref('report_policy') }}

),

bands as (

    select * from {{ ref('waiting_bands') }}

),

-- Two requests of one person on one day wait for the same assessment: they are one.
requests as (

    select distinct
        la_code,
        person_token,
        event_start_date
    from care_events
    where
        event_type = 'Request'
        and event_outcome = 'Progress to assessment, review or reassessment'

),

assessments as (

    select
        la_code,
        person_token,
        event_start_date
    from care_events
    where
        event_type = 'Assessment'
        and coalesce(assessment_type, '') <> 'Financial assessment'

),

waited as (

    select
        requests.la_code,
        requests.person_token,
        requests.event_start_date as request_start_date,
        {{ dbt.datediff('requests.event_start_date', 'min(assessments.event_start_date)', 'day') }}
            as days_waited
    from requests
    cross join policy
    left join assessments
        on
            requests.la_code = assessments.la_code
            and requests.person_token = assessments.person_token
            and requests.event_start_date <= assessments.event_start_date
            and assessments.event_start_date
            <= {{ days_added('requests.event_start_date', 'policy.waiting_days') }}
    group by 1, 2, 3

),

banded as (

    select
        ---------- whose
        waited.la_code,
        waited.person_token,

        ---------- how long
        waited.request_start_date,
        waited.days_waited,
        bands.band
    from waited
    inner join bands
        on
            waited.days_waited between bands.days_from and bands.days_to
            or (waited.days_waited is null and bands.days_from is null)

)

select * from banded
