-- One row per accepted event row and span of months that its submission covers: `current` where the
-- submission is the selected one for those months, `superseded` where a later one has replaced it.
with

events_keyed as (

    select * from {{ ref('int_events_keyed') }}

),

{{ periods_as_of('periods') }},

selected as (

    select * from {{ ref('int_submissions_selected') }}

),

---------- months of each submission, current or superseded

months_covered as (

    select
        selected.la_code,
        selected.month_start,
        periods.submission_id,
        case
            when periods.submission_id = selected.submission_id then 'current'
            else 'superseded'
        end as standing
    from selected
    inner join periods
        on
            selected.la_code = periods.la_code
            and selected.month_start between periods.period_start and periods.period_end
            -- As in the selection: a month still to come at receipt is not covered.
            and last_day(selected.month_start) < cast(periods.received_at as date)

),

months_numbered as (

    select
        *,
        extract(year from month_start) * 12 + extract(month from month_start)
        - row_number() over (
            partition by submission_id, standing
            order by month_start
        ) as island
    from months_covered

),

spans as (

    select
        submission_id,
        standing,
        min(month_start) as span_start,
        last_day(max(month_start)) as span_end
    from months_numbered
    group by submission_id, standing, island

),

in_period as (

    select
        events_keyed.*,
        spans.standing,
        spans.span_start,
        spans.span_end
    from events_keyed
    inner join spans
        on events_keyed.submission_id = spans.submission_id
    where {{ event_counts_in('events_keyed', 'spans.span_start', 'spans.span_end') }}

)

select
    ---------- the row
    submission_id,
    row_number,
    received_at,

    ---------- where it stands
    standing,
    span_start,
    span_end,

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
    derived_event_end_date
from in_period
