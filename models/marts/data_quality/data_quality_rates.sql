with

data_quality_counted as (

    select * from {{ ref('int_data_quality_counted') }}

),

by_field as (

    select
        la_code,
        submission_id,
        field,
        cast(sum(case when check_result <> 0 then cells else 0 end) as bigint) as cells_due,
        cast(sum(case when check_result >= 1 then cells else 0 end) as bigint) as cells_valid,
        cast(sum(case when check_result = -1 then cells else 0 end) as bigint) as cells_missing
    from data_quality_counted
    group by 1, 2, 3

),

all_fields as (

    select
        la_code,
        submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        cast(sum(cells_due) as bigint) as cells_due,
        cast(sum(cells_valid) as bigint) as cells_valid,
        cast(sum(cells_missing) as bigint) as cells_missing
    from by_field
    group by 1, 2

),

data_quality_rates as (

    select
        la_code,
        submission_id,
        field,
        cells_due,
        cells_valid,
        cells_missing
    from by_field
    union all
    select
        la_code,
        submission_id,
        field,
        cells_due,
        cells_valid,
        cells_missing
    from all_fields

)

select * from data_quality_rates
