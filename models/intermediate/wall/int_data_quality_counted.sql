-- One row per submission, field, status, result and value shown. A value crosses the wall only as
-- the code list spells it: what else a council typed into a coded field may name somebody.
with

cells_read as (

    select * from {{ ref('int_cells_read') }}

),

fields as (

    select * from {{ ref('specification_fields') }}

),

rules as (

    select * from {{ ref('validation_rules') }}

),

counted as (

    select
        sender_la_code as la_code,
        submission_id,
        field,
        field_status,
        is_blank,
        rule_id,
        listed_value,
        count(*) as cells
    from cells_read
    where
        not is_total_row
        and {{ received_by_as_of('received_at') }}
    group by 1, 2, 3, 4, 5, 6, 7

),

judged as (

    select
        counted.la_code,
        counted.submission_id,
        fields.module,
        counted.field,
        coalesce(counted.field_status, -1) as field_status,
        case
            when counted.rule_id is not null then rules.check_result
            when counted.is_blank then 0
            else 1
        end as check_result,
        case
            when
                fields.sensitivity = 'direct_identifier'
                and fields.field <> 'event_description'
                then 'N/A - PID'
            when fields.code_list is not null then counted.listed_value
        end as value_shown,
        counted.cells
    from counted
    inner join fields
        on counted.field = fields.field
    left join rules
        on counted.rule_id = rules.rule_id

),

totalled as (

    select
        ---------- whose
        la_code,
        submission_id,

        ---------- what
        module,
        field,
        field_status,
        check_result,
        value_shown as value,

        ---------- how many
        sum(cells) as cells
    from judged
    group by 1, 2, 3, 4, 5, 6, 7

)

select * from totalled
