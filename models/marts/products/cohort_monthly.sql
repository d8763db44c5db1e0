with

counted as (

    select * from {{ ref('int_cohorts_counted') }}

),

policy as (

    select * from {{ ref('disclosure_policy') }}

),

limits as (

    select
        recipient_type,
        max(case when parameter = 'small_number_threshold' then try_cast(value as integer) end)
            as threshold,
        max(case when parameter = 'rounding_base' then try_cast(value as integer) end) as base
    from policy
    group by 1

),

protected_counts as (

    select
        counted.agreement_reference,
        {{ month_of('counted.month_start') }} as month,
        counted.area_code,
        counted.age_band,
        counted.sex,
        counted.cohort,
        {{ protected_count('counted.persons', 'limits.threshold', 'limits.base') }} as persons,
        {{ protected_count('counted.starts', 'limits.threshold', 'limits.base') }} as starts,
        {{ protected_count('counted.ends', 'limits.threshold', 'limits.base') }} as ends,
        {{ protected_status('counted.persons', 'limits.threshold') }} as persons_status,
        {{ protected_status('counted.starts', 'limits.threshold') }} as starts_status,
        {{ protected_status('counted.ends', 'limits.threshold') }} as ends_status
    from counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

)

select
    agreement_reference,
    month,
    area_code,
    age_band,
    sex,
    cohort,
    persons,
    starts,
    ends,
    persons_status,
    starts_status,
    ends_status
from protected_counts
