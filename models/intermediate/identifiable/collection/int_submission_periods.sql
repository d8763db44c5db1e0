-- One row per submission that landed: the period that its events show, whatever it states. One
-- that is known to be bad has none, so that no product can select it.
with

rows_read as (

    select *
    from {{ ref('int_rows_read') }}
    where not is_total_row

),

submissions as (

    select *
    from {{ ref('stg_submissions__submissions') }}
    where outcome = 'landed'

),

excluded as (

    select * from {{ ref('int_submissions_excluded') }}

),

policy as (

    select
        {{ policy_value('month_share', 'decimal(9, 6)') }} as month_share,
        {{ policy_value('month_share_from_events', 'integer') }} as month_share_from_events,
        {{ policy_value('event_types_missing', 'integer') }} as event_types_missing
    from {{ ref('collection_policy') }}

),

totals as (

    select
        submission_id,
        count(event_type) as events,
        count(distinct event_type) as event_types,
        cast(date_trunc('month', max(reporting_period_start_date)) as date) as stated_start,
        last_day(max(reporting_period_end_date)) as stated_end
    from rows_read
    group by 1

),

months as (

    select
        rows_read.submission_id,
        cast(date_trunc('month', rows_read.event_end_date) as date) as month_start,
        count(*) as events,
        count(distinct rows_read.event_type) as event_types
    from rows_read
    where
        rows_read.event_type is not null
        and rows_read.event_end_date < cast(date_trunc('month', rows_read.received_at) as date)
    group by 1, 2

),

kept_months as (

    select
        months.submission_id,
        months.month_start
    from months
    inner join totals
        on months.submission_id = totals.submission_id
    cross join policy
    where
        totals.events < policy.month_share_from_events
        or (
            months.events >= policy.month_share * totals.events
            and months.event_types >= totals.event_types - policy.event_types_missing
        )

),

derived as (

    select
        submission_id,
        min(month_start) as period_start,
        last_day(max(month_start)) as period_end
    from kept_months
    group by 1

),

periods as (

    select
        ---------- the submission
        submissions.submission_id,
        submissions.la_code,
        submissions.received_at,

        ---------- the period that its events show
        case
            when excluded.submission_id is not null then null
            when derived.submission_id is not null then derived.period_start
            when totals.events < policy.month_share_from_events then totals.stated_start
        end as period_start,
        case
            when excluded.submission_id is not null then null
            when derived.submission_id is not null then derived.period_end
            when totals.events < policy.month_share_from_events then totals.stated_end
        end as period_end,
        case
            when excluded.submission_id is not null then 'known_bad'
            when derived.submission_id is not null then 'months'
            when
                totals.events < policy.month_share_from_events
                and totals.stated_start <= totals.stated_end
                then 'stated'
            else 'none'
        end as basis,

        ---------- the period that it states
        totals.stated_start,
        totals.stated_end,

        ---------- how many events
        coalesce(totals.events, 0) as events,
        coalesce(totals.event_types, 0) as event_types
    from submissions
    cross join policy
    left join totals
        on submissions.submission_id = totals.submission_id
    left join derived
        on submissions.submission_id = derived.submission_id
    left join excluded
        on submissions.submission_id = excluded.submission_id

)

select * from periods
