with

counted as (

    select * from {{ ref('int_cohorts_counted') }}

),

limits as (

    select * from {{ ref('int_disclosure_limits_pivoted') }}

),

published as (

    select * from {{ ref('int_cells_published') }}
    where table_name = 'cohort_monthly'

),

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
        {{ as_published('keyed', 'persons', 'persons_cells') }} as persons,
        {{ as_published('keyed', 'starts', 'starts_cells') }} as starts,
        {{ as_published('keyed', 'ends', 'ends_cells') }} as ends,
        {{ status_as_published('keyed', 'persons', 'persons_cells') }} as persons_status,
        {{ status_as_published('keyed', 'starts', 'starts_cells') }} as starts_status,
        {{ status_as_published('keyed', 'ends', 'ends_cells') }} as ends_status
    from keyed
    left join published as persons_cells
        on
            keyed.agreement_reference = persons_cells.agreement_reference
            and keyed.cell_key = persons_cells.cell_key
            and persons_cells.measure = 'persons'
    left join published as starts_cells
        on
            keyed.agreement_reference = starts_cells.agreement_reference
            and keyed.cell_key = starts_cells.cell_key
            and starts_cells.measure = 'starts'
    left join published as ends_cells
        on
            keyed.agreement_reference = ends_cells.agreement_reference
            and keyed.cell_key = ends_cells.cell_key
            and ends_cells.measure = 'ends'
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
