-- One row per thing wrong or noted: of a cell, a row, a person (at its first row) or a submission.
with

cell_rules as (

    select * from {{ ref('int_cell_rules_broken') }}

),

row_rules as (

    select * from {{ ref('int_row_rules_broken') }}

),

undecided as (

    select * from {{ ref('int_row_rules_undecided') }}

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

inputs as (

    select * from {{ ref('validation_rule_inputs') }}

),

---------- what is wrong with a row only because of what is wrong with one of its cells

row_consequences as (

    select
        row_rules.submission_id,
        row_rules.row_number,
        row_rules.rule_id,
        {{ text_listed('cell_rules.rule_id', '; ') }} as consequence_of
    from row_rules
    inner join inputs
        on row_rules.rule_id = inputs.rule_id
    inner join cell_rules
        on
            row_rules.submission_id = cell_rules.submission_id
            and row_rules.row_number = cell_rules.row_number
            and inputs.field = cell_rules.field
    inner join rules
        on cell_rules.rule_id = rules.rule_id
    where rules.severity <> 'info'
    group by 1, 2, 3

),

broken as (

    select
        submission_id,
        row_number,
        field,
        rule_id,
        field_status,
        cast(null as {{ dbt.type_string() }}) as consequence_of,
        cast(null as {{ dbt.type_string() }}) as rules_not_evaluated
    from cell_rules
    union all
    select
        row_rules.submission_id,
        row_rules.row_number,
        cast(null as {{ dbt.type_string() }}) as field,
        row_rules.rule_id,
        cast(null as integer) as field_status,
        row_consequences.consequence_of,
        cast(null as {{ dbt.type_string() }}) as rules_not_evaluated
    from row_rules
    left join row_consequences
        on
            row_rules.submission_id = row_consequences.submission_id
            and row_rules.row_number = row_consequences.row_number
            and row_rules.rule_id = row_consequences.rule_id
    union all
    select
        submission_id,
        row_number,
        field,
        'rule_not_evaluated' as rule_id,
        field_status,
        consequence_of,
        rules_not_evaluated
    from undecided
    union all
    select
        submission_id,
        row_number,
        field,
        rule_id,
        cast(null as integer) as field_status,
        cast(null as {{ dbt.type_string() }}) as consequence_of,
        cast(null as {{ dbt.type_string() }}) as rules_not_evaluated
    from person_rules
    union all
    select
        submission_id,
        cast(null as bigint) as row_number,
        field,
        rule_id,
        cast(null as integer) as field_status,
        cast(null as {{ dbt.type_string() }}) as consequence_of,
        cast(null as {{ dbt.type_string() }}) as rules_not_evaluated
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
        rules.severity,

        ---------- why it says no more than another finding of the row
        broken.consequence_of,
        broken.rules_not_evaluated
    from broken
    left join rules
        on broken.rule_id = rules.rule_id

)

select * from findings
