-- One row per row and field for want of which rules across fields could not be told: blank though
-- mandatory, or unreadable. A rule that comes out null is thus said, never dropped.
with

cell_rules as (

    select *
    from {{ ref('int_cell_rules_broken') }}
    where is_unreadable

),

checked as (

    select * from {{ ref('int_row_rules_checked') }}

),

inputs as (

    select * from {{ ref('validation_rule_inputs') }}

),

wanting as (

    select distinct
        cell_rules.submission_id,
        cell_rules.row_number
    from cell_rules
    inner join inputs
        on cell_rules.field = inputs.field

),

checked_wanting as (

    select
        checked.submission_id,
        checked.row_number,
        checked.blank_inputs,
        checked.{{ row_rules() | join(',\n        checked.') }}
    from checked
    inner join wanting
        on
            checked.submission_id = wanting.submission_id
            and checked.row_number = wanting.row_number

),

untold as (

    select
        submission_id,
        row_number,
        blank_inputs,
        rule_id
    from {{ unpivoted(
        'checked_wanting', row_rules(), 'rule_id', 'is_broken'
    ) }}
    where is_broken is null

),

-- A rule about what may rightly be blank does not apply where it is: no death, no date to compare.
explained as (

    select
        untold.submission_id,
        untold.row_number,
        untold.rule_id,
        inputs.field,
        cell_rules.rule_id as consequence_of,
        cell_rules.field_status,
        sum(
            case
                when
                    contains(untold.blank_inputs, '|' || inputs.field || '|')
                    and cell_rules.rule_id is null
                    then 1
                else 0
            end
        ) over (
            partition by untold.submission_id, untold.row_number, untold.rule_id
        ) as rightly_blank
    from untold
    inner join inputs
        on untold.rule_id = inputs.rule_id
    left join cell_rules
        on
            untold.submission_id = cell_rules.submission_id
            and untold.row_number = cell_rules.row_number
            and inputs.field = cell_rules.field

),

undecided as (

    select
        submission_id,
        row_number,
        field,
        max(field_status) as field_status,
        {{ text_listed('consequence_of', '; ') }} as consequence_of,
        {{ text_listed('rule_id', '; ') }} as rules_not_evaluated
    from explained
    where
        rightly_blank = 0
        and consequence_of is not null
    group by 1, 2, 3

)

select * from undecided
