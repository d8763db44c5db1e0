-- One row per row that landed, accepted or quarantined: none is lost.
{%- set names = specification_fields_list() | map(attribute='field') | list %}

with

rows_read as (

    select * from {{ ref('int_rows_read') }}

),

findings as (

    select * from {{ ref('int_validation_findings') }}

),

backfilled as (

    select * from {{ ref('int_person_ids_backfilled') }}

),

rules as (

    select * from {{ ref('validation_rules') }}

),

quarantined as (

    select
        findings.submission_id,
        findings.row_number,
        {{ text_listed('findings.rule_id', '; ') }} as reasons
    from findings
    inner join rules
        on findings.rule_id = rules.rule_id
    where
        rules.quarantines
        and findings.row_number is not null
    group by 1, 2

),

judged as (

    select
        rows_read.*,
        coalesce(
            rows_read.la_person_unique_identifier, backfilled.la_person_unique_identifier
        ) as person_id,
        {{ row_outcome('quarantined.reasons') }} as outcome,
        quarantined.reasons
    from rows_read
    left join quarantined
        on
            rows_read.submission_id = quarantined.submission_id
            and rows_read.row_number = quarantined.row_number
    left join backfilled
        on
            rows_read.submission_id = backfilled.submission_id
            and rows_read.row_number = backfilled.row_number

)

select
    ---------- birth certificate
    submission_id,
    row_number,

    ---------- judgement
    outcome,
    reasons,

    ---------- channel
    sender_la_code,
    received_at,

    ---------- the fields of the specification
    {{ names | join(',\n    ') | replace(
        'la_person_unique_identifier', 'person_id as la_person_unique_identifier'
    ) }}
from judged
