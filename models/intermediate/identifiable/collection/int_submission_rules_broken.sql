-- One row per submission and rule about the submission as a whole, and field where it has one.
with

submissions as (

    select *
    from {{ ref('stg_submissions__submissions') }}
    where outcome = 'landed'

),

columns_read as (

    select * from {{ ref('stg_submissions__columns') }}

),

fields as (

    select * from {{ ref('specification_fields') }}

),

values_read as (

    select * from {{ ref('int_values_read') }}

),

periods as (

    select * from {{ ref('int_submission_periods') }}

),

policy as (

    select {{ policy_value('rows_drop_share', 'decimal(9, 6)') }} as rows_drop_share
    from {{ ref('collection_policy') }}

),

in_order as (

    select
        submission_id,
        rows_read,
        lag(rows_read) over (
            partition by la_code
            order by received_at asc, file_name asc, sheet_position asc, submission_id asc
        ) as rows_before
    from submissions

),

broken as (

    select distinct
        submissions.submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        'columns_not_recognised' as rule_id
    from submissions
    inner join columns_read
        on submissions.submission_id = columns_read.submission_id
    where columns_read.match_kind in ('unknown', 'duplicate')
    union all
    select distinct
        submissions.submission_id,
        columns_read.field,
        'headers_normalised' as rule_id
    from submissions
    inner join columns_read
        on submissions.submission_id = columns_read.submission_id
    where columns_read.match_kind in ('normalised', 'alias')
    union all
    select
        submissions.submission_id,
        fields.field,
        'columns_missing' as rule_id
    from submissions
    cross join fields
    left join columns_read
        on
            submissions.submission_id = columns_read.submission_id
            and fields.field = columns_read.field
    where columns_read.submission_id is null
    union all
    select distinct
        submission_id,
        field,
        'sender_code_of_other_kind' as rule_id
    from values_read
    where repair_rule_id = 'own_code_of_other_kind'
    union all
    select
        submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        'period_not_derived' as rule_id
    from periods
    where basis = 'none'
    union all
    select
        submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        'period_differs' as rule_id
    from periods
    where
        period_start <> stated_start
        or period_end <> stated_end
    union all
    select
        in_order.submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        'fewer_rows_than_before' as rule_id
    from in_order
    cross join policy
    where in_order.rows_read < policy.rows_drop_share * in_order.rows_before

)

select * from broken
