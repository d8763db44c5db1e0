-- One row per agreement and product: the months that its councils' submissions cover together.
with

entitlements as (

    select * from {{ ref('entitlements') }}
    where allowed

),

covered as (

    select * from {{ ref('int_periods_covered') }}

),

periods as (

    select
        ---------- whose
        entitlements.agreement_reference,
        entitlements.product,

        ---------- when
        min(covered.month_start) as first_day,
        {{ last_day_of_month('max(covered.month_start)') }} as last_day,
        count(distinct covered.month_start) as months_covered,
        {{ month_of('min(covered.month_start)') }} || '/'
        || {{ month_of('max(covered.month_start)') }} as period,
        cast(extract(year from max(covered.month_start)) as integer) as year
    from entitlements
    inner join covered
        on entitlements.la_code = covered.la_code
    group by 1, 2

)

select * from periods
