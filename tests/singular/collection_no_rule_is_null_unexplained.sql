-- A rule across fields may come out null only where a field that it looks at holds nothing.
{{ config(group='identifiable') }}

with

checked as (

    select
        submission_id,
        row_number,
        blank_inputs,
        {{ row_rules() | join(',\n        ') }}
    from {{ ref('int_row_rules_checked') }}

),

inputs as (

    select * from {{ ref('validation_rule_inputs') }}

),

untold as (

    select
        submission_id,
        row_number,
        blank_inputs,
        rule_id
    from {{ unpivoted('checked', row_rules(), 'rule_id', 'is_broken') }}
    where is_broken is null

)

select
    untold.submission_id,
    untold.row_number,
    untold.rule_id
from untold
left join inputs
    on
        untold.rule_id = inputs.rule_id
        and contains(untold.blank_inputs, '|' || inputs.field || '|')
group by 1, 2, 3
having count(inputs.field) = 0
