with

data_quality_counted as (

    select * from {{ ref('int_data_quality_counted') }}

),

data_quality_values as (

    select
        ---------- whose
        la_code,
        submission_id,

        ---------- what
        module,
        field,
        field_status,
        check_result,
        value,

        ---------- how many
        cast(cells as bigint) as count
    from data_quality_counted

)

select * from data_quality_values
