{% set measures = ['persons', 'starts', 'ends'] %}
with

counted as (

    select * from {{ ref('int_cohorts_counted') }}

),

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'cohort_monthly'

),

{{ cells_before('cohort_monthly', measures) }},

keyed as (

    select
        counted.agreement_reference,
        {{ month_of('counted.month_start') }} as month,
        counted.area_code,
        counted.age_band,
        counted.sex,
        counted.cohort,
        concat_ws(
            '|',
            {{ month_of('counted.month_start') }},
            counted.area_code,
            counted.age_band,
            counted.sex,
            counted.cohort
        ) as cell_key,
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

protected_counts as (

    select
        keyed.agreement_reference,
        keyed.month,
        keyed.area_code,
        keyed.age_band,
        keyed.sex,
        keyed.cohort,
        {{ as_published('keyed', 'persons', 'persons_before') }} as persons,
        {{ as_published('keyed', 'starts', 'starts_before') }} as starts,
        {{ as_published('keyed', 'ends', 'ends_before') }} as ends,
        {{ status_as_published('keyed', 'persons', 'persons_before') }} as persons_status,
        {{ status_as_published('keyed', 'starts', 'starts_before') }} as starts_status,
        {{ status_as_published('keyed', 'ends', 'ends_before') }} as ends_status
    from keyed
    {{ join_cells_before('keyed', measures) }}
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
