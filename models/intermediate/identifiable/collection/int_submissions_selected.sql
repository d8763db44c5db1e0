-- One row per council and derived month: the submission that is current for it as of the date.
with

{{ periods_as_of('periods') }},

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

policy as (

    select {{ policy_value('months_in_product', 'integer') }} as months_in_product
    from {{ ref('collection_policy') }}

),

covered as (

    select
        submission_id,
        la_code,
        received_at,
        {{ months_between_each(
            'period_start', "cast(date_trunc('month', period_end) as date)"
        ) }} as month_start
    from periods

),

ranked as (

    select
        covered.*,
        row_number() over (
            partition by covered.la_code, covered.month_start
            order by {{ file_order('covered', 'submissions') }}
        ) as place
    from covered
    inner join submissions
        on covered.submission_id = submissions.submission_id
    -- Guards the latest months: a period that is only stated may run beyond the receipt, and would
    -- push out months that are known by months that nobody can know yet.
    where last_day(covered.month_start) < cast(covered.received_at as date)

),

current_months as (

    select
        *,
        row_number() over (
            partition by la_code
            order by month_start desc
        ) as months_back
    from ranked
    where place = 1

),

selected as (

    select
        ---------- what is covered
        current_months.la_code,
        current_months.month_start,
        last_day(current_months.month_start) as month_end,

        ---------- by which submission
        current_months.submission_id,
        current_months.received_at
    from current_months
    cross join policy
    where current_months.months_back <= policy.months_in_product

)

select * from selected
