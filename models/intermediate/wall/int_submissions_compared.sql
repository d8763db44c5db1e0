-- One row per submission with an earlier one of the same council: which events of the months that
-- both cover stand in both, in the later one only, or in the earlier one only.
with

totalled as (

    select * from {{ ref('int_submissions_totalled') }}

),

events_keyed as (

    select * from {{ ref('int_events_keyed') }}

),

pairs as (

    select
        later.submission_id,
        earlier.submission_id as previous_submission_id,
        greatest(later.period_start, earlier.period_start) as overlap_start,
        least(later.period_end, earlier.period_end) as overlap_end
    from totalled as later
    inner join totalled as earlier
        on later.previous_submission_id = earlier.submission_id

),

sides as (

    select
        submission_id,
        overlap_start,
        overlap_end,
        submission_id as side_submission_id,
        1 as is_later,
        0 as is_earlier
    from pairs
    union all
    select
        submission_id,
        overlap_start,
        overlap_end,
        previous_submission_id as side_submission_id,
        0 as is_later,
        1 as is_earlier
    from pairs

),

found as (

    select
        sides.submission_id,
        events_keyed.person_key,
        events_keyed.event_key,
        max(sides.is_later) as is_later,
        max(sides.is_earlier) as is_earlier
    from sides
    inner join events_keyed
        on sides.side_submission_id = events_keyed.submission_id
    where {{ event_counts_in('events_keyed', 'sides.overlap_start', 'sides.overlap_end') }}
    group by 1, 2, 3

),

counted as (

    select
        submission_id,
        sum(is_later * is_earlier) as events_kept,
        sum(is_later * (1 - is_earlier)) as events_added,
        sum(is_earlier * (1 - is_later)) as events_gone
    from found
    group by 1

),

compared as (

    select
        ---------- which two
        pairs.submission_id,
        pairs.previous_submission_id,

        ---------- the months that both cover
        pairs.overlap_start,
        pairs.overlap_end,

        ---------- events
        coalesce(counted.events_kept, 0) as events_kept,
        coalesce(counted.events_added, 0) as events_added,
        coalesce(counted.events_gone, 0) as events_gone
    from pairs
    left join counted
        on pairs.submission_id = counted.submission_id
    where pairs.overlap_start <= pairs.overlap_end

)

select * from compared
