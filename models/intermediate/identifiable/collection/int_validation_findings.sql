-- One row per thing wrong or noted: of a cell, a row, a person (at its first row) or a submission.
with

cells_read as (

    select *
    from {{ ref('int_cells_read') }}
    where
        not is_total_row
        and (rule_id is not null or repair_rule_id is not null)

),

row_rules as (

    select * from {{ ref('int_row_rules_broken') }}

),

person_rules as (

    select * from {{ ref('int_person_rules_broken') }}

),

submission_rules as (

    select * from {{ ref('int_submission_rules_broken') }}

),

rules as (

    select * from {{ ref('validation_rules') }}

),

broken as (

    select
        submission_id,
        row_number,
        field,
        rule_id,
        field_status
    from cells_read
    where rule_id is not null
    union all
    select
        submission_id,
        row_number,
        field,
        repair_rule_id as rule_id,
        field_status
    from cells_read
    where repair_rule_id is not null
    union all
    select
        submission_id,
        row_number,
        cast(null as {{ dbt.type_string() }}) as field,
        rule_id,
        cast(null as integer) as field_status
    from row_rules
    union all
    select
        submission_id,
        row_number,
        field,
        rule_id,
        cast(null as integer) as field_status
    from person_rules
    union all
    select
        submission_id,
        cast(null as bigint) as row_number,
        field,
        rule_id,
        cast(null as integer) as field_status
    from submission_rules

),

findings as (

    select
        ---------- where
        broken.submission_id,
        broken.row_number,
        broken.field,

        ---------- what
        broken.rule_id,
        broken.field_status,
        rules.check_result,
        rules.severity
    from broken
    left join rules
        on broken.rule_id = rules.rule_id

)

select * from findings
