-- One row per field of which a comparator may be shown. It is the share of all councils together,
-- never of one: with few councils a median or a range would be somebody's own value.
with

rates as (

    select * from {{ ref('data_quality_rates') }}

),

submission_totals as (

    select * from {{ ref('submission_totals') }}

),

policy as (

    select
        {{ policy_value('comparator_councils', 'integer') }} as councils_at_least,
        {{ policy_value('comparator_top_share', 'decimal(9, 6)') }} as top_share_at_most,
        {{ policy_value('comparator_cells', 'integer') }} as cells_at_least,
        {{ policy_value('comparator_rounding', 'decimal(9, 6)') }} as rounded_to
    from {{ ref('report_policy') }}

),

pooled as (

    select
        rates.field,
        count(*) as councils,
        sum(rates.cells_due) as cells_due,
        sum(rates.cells_valid) as cells_valid,
        max(rates.cells_due) as largest
    from rates
    inner join submission_totals
        on rates.submission_id = submission_totals.submission_id
    where
        submission_totals.is_latest
        and rates.cells_due > 0
    group by 1

),

data_quality_comparators as (

    select
        pooled.field,
        cast(pooled.councils as integer) as councils,
        cast(
            -- Rounded down, so that only a faultless field reads 100 %.
            floor(
                round(
                    cast(pooled.cells_valid as double)
                    / cast(pooled.cells_due as double)
                    / cast(policy.rounded_to as double),
                    9
                )
            ) * policy.rounded_to as decimal(9, 4)
        ) as share_valid
    from pooled
    cross join policy
    where
        pooled.councils >= policy.councils_at_least
        and pooled.cells_due >= policy.cells_at_least
        and pooled.largest <= policy.top_share_at_most * pooled.cells_due

)

select * from data_quality_comparators
