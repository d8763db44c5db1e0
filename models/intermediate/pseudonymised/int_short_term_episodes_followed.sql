-- One row per episode of short-term support to maximise independence that ended in the months
-- covered: services of a person a few days apart are one.
with

services as (

    select
        care_events.*,
        care_settings.cohort
    from {{ ref('int_care_events_pseudonymised') }} as care_events
    inner join {{ ref('care_settings') }} as care_settings
        on care_events.service_type = care_settings.service_type
    where care_events.event_type = 'Service'

),

{{ periods_of_councils('periods') }},

policy as (

    select {{ policy_value('sequel_days', 'integer') }} as sequel_days
    from {{ ref('report_policy') }}

),

left_out as (

    select * from {{ ref('short_term_outcomes_left_out') }}

),

-- An open service ends beyond every day, so that whatever comes later belongs to its episode.
short_term as (

    select
        *,
        coalesce(event_end_date, date '9999-12-31') as reach,
        max(coalesce(event_end_date, date '9999-12-31')) over (
            partition by la_code, person_token
            order by
                event_start_date asc,
                event_end_date asc nulls last,
                event_outcome asc nulls last,
                service_component asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as reach_before
    from services
    where cohort = 'short_term_maximising'

),

marked as (

    select
        short_term.*,
        sum(
            case
                when
                    short_term.reach_before is null
                    or short_term.event_start_date
                    > {{ days_added('least(short_term.reach_before, date \'9000-01-01\')',
                        'policy.sequel_days') }}
                    then 1
                else 0
            end
        ) over (
            partition by short_term.la_code, short_term.person_token
            order by
                short_term.event_start_date asc,
                short_term.event_end_date asc nulls last,
                short_term.event_outcome asc nulls last,
                short_term.service_component asc nulls last
            rows between unbounded preceding and current row
        ) as episode
    from short_term
    cross join policy

),

episodes as (

    select
        la_code,
        person_token,
        episode,
        min(event_start_date) as start_date,
        max(reach) as end_date,
        max_by(event_outcome, reach) as event_outcome
    from marked
    group by 1, 2, 3

),

long_term as (

    select
        la_code,
        person_token,
        event_start_date,
        event_end_date
    from services
    where cohort like 'long_term%'

),

-- Only what ended long enough before the last day covered can show what followed.
ended as (

    select
        episodes.la_code,
        episodes.person_token,
        episodes.start_date,
        episodes.end_date,
        episodes.event_outcome,
        {{ days_added('episodes.end_date', 'policy.sequel_days') }} <= periods.last_day
            as is_followed_up,
        {{ days_added('episodes.end_date', 'policy.sequel_days') }} as sequel_until
    from episodes
    inner join periods
        on episodes.la_code = periods.la_code
    cross join policy
    where episodes.end_date between periods.first_day and periods.last_day

),

followed as (

    select
        ended.la_code,
        ended.person_token,
        ended.start_date,
        max(case when long_term.event_start_date < ended.start_date then 1 else 0 end)
            as had_long_term,
        max(
            case
                when
                    long_term.event_start_date >= ended.start_date
                    and (
                        long_term.event_end_date is null
                        or long_term.event_end_date > ended.end_date
                    )
                    then 1
                else 0
            end
        ) as has_long_term_after
    from ended
    left join long_term
        on
            ended.la_code = long_term.la_code
            and ended.person_token = long_term.person_token
            and ended.sequel_until >= long_term.event_start_date
            -- Not "is null or": an outer join would compare every episode with every service.
            and ended.start_date <= coalesce(long_term.event_end_date, date '9999-12-31')
    group by 1, 2, 3

),

judged as (

    select
        ---------- whose
        ended.la_code,
        ended.person_token,

        ---------- when
        ended.start_date,
        ended.end_date,

        ---------- what became of it
        ended.event_outcome,
        followed.has_long_term_after = 1 as is_followed_by_long_term,

        ---------- whether the measure counts it
        ended.is_followed_up
        and followed.had_long_term = 0
        and left_out.event_outcome is null as is_counted,
        case
            when not ended.is_followed_up then 'not_covered'
            when followed.had_long_term = 1 then 'earlier_care'
            when left_out.event_outcome is not null then 'outcome'
        end as exclusion
    from ended
    inner join followed
        on
            ended.la_code = followed.la_code
            and ended.person_token = followed.person_token
            and ended.start_date = followed.start_date
    left join left_out
        on ended.event_outcome = left_out.event_outcome

)

select * from judged
