-- One row per cell and rule that it breaks or repair that it needed; totals have no cells.
with

cells_read as (

    select *
    from {{ ref('int_cells_read') }}
    where
        not is_total_row
        and (rule_id is not null or repair_rule_id is not null)

),

broken as (

    select
        submission_id,
        row_number,
        field,
        rule_id,
        field_status,
        not is_read as is_unreadable
    from cells_read
    where rule_id is not null
    union all
    select
        submission_id,
        row_number,
        field,
        repair_rule_id as rule_id,
        field_status,
        false as is_unreadable
    from cells_read
    where repair_rule_id is not null

)

select * from broken
