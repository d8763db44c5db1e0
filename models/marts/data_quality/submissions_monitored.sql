with

schedule as (

    select * from {{ ref('submission_schedule') }}

),

submission_totals as (

    select * from {{ ref('submission_totals') }}

),

-- The first that covers the month is the one that was due: later ones send it again.
ranked as (

    select
        schedule.la_code,
        schedule.period_month,
        submission_totals.submission_id,
        cast(submission_totals.received_at as date) as received_on,
        row_number() over (
            partition by schedule.la_code, schedule.period_month
            order by submission_totals.received_at asc, submission_totals.submission_id asc
        ) as place
    from schedule
    inner join submission_totals
        on
            schedule.la_code = submission_totals.la_code
            and schedule.period_month
            between submission_totals.period_start and submission_totals.period_end

),

judged as (

    select
        schedule.la_code,
        schedule.period_month,
        schedule.due_date,
        ranked.submission_id,
        ranked.received_on,
        coalesce(ranked.received_on, {{ as_of_day() }}) as judged_on
    from schedule
    left join ranked
        on
            schedule.la_code = ranked.la_code
            and schedule.period_month = ranked.period_month
            and ranked.place = 1

),

submissions_monitored as (

    select
        ---------- what was due
        la_code,
        period_month,
        due_date,

        ---------- what came
        submission_id,
        received_on,
        case
            when received_on <= due_date then 'on_time'
            when received_on > due_date then 'late'
            when judged_on > due_date then 'missing'
            else 'not_due'
        end as status,
        case
            when judged_on > due_date
                then cast({{ dbt.datediff('due_date', 'judged_on', 'day') }} as integer)
            else 0
        end as days_late
    from judged

)

select * from submissions_monitored
