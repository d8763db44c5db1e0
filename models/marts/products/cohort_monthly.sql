{% set keys = ['month', 'area_code', 'age_band', 'sex', 'cohort'] %}
{% set measures = ['persons', 'starts', 'ends'] %}
with

counted as (

    select * from {{ ref('int_cohorts_counted') }}

),

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'cohort_monthly'

),

judged as (

    select
        counted.agreement_reference,
        {{ month_of('counted.month_start') }} as month,
        counted.area_code,
        counted.age_band,
        counted.sex,
        counted.cohort,
        {{ protected_count('counted.persons', 'limits') }} as persons,
        {{ protected_count('counted.starts', 'limits') }} as starts,
        {{ protected_count('counted.ends', 'limits') }} as ends,
        {{ protected_status('counted.persons', 'limits') }} as persons_status,
        {{ protected_status('counted.starts', 'limits') }} as starts_status,
        {{ protected_status('counted.ends', 'limits') }} as ends_status
    from counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

{{ cells_as_published('cohort_monthly', keys, measures) }}

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
from shown
