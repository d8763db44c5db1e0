-- One row per row and rule across its fields that it breaks. A total breaks one rule only.
with

checked as (

    select
        submission_id,
        row_number,
        {{ row_rules() | join(',\n        ') }}
    from {{ ref('int_row_rules_checked') }}

),

broken as (

    select
        submission_id,
        row_number,
        rule_id
    from {{ unpivoted('checked', row_rules(), 'rule_id', 'is_broken') }}
    where is_broken

),

of_totals as (

    select
        submission_id,
        row_number
    from broken
    where rule_id = 'total_row'

),

broken_once as (

    select broken.*
    from broken
    left join of_totals
        on
            broken.submission_id = of_totals.submission_id
            and broken.row_number = of_totals.row_number
    where
        of_totals.row_number is null
        or broken.rule_id = 'total_row'

)

select * from broken_once
