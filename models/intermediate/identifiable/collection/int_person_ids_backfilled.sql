-- One row per row without the council's person identifier that takes it from other rows of the
-- council with the same NHS number, where these agree on one. Empty while the repair is off.
with

rows_read as (

    select *
    from {{ ref('int_rows_read') }}
    where {{ nhs_number_is_valid('nhs_number') }}

),

repairs as (

    select {{ repair_is_on('backfill_person_ids') }} as backfill_person_ids
    from {{ ref('lifecycle_repairs') }}

),

known as (

    select
        sender_la_code,
        nhs_number,
        max(la_person_unique_identifier) as la_person_unique_identifier
    from rows_read
    where {{ received_by_as_of('received_at') }}
    group by sender_la_code, nhs_number
    having count(distinct la_person_unique_identifier) = 1

),

backfilled as (

    select
        rows_read.submission_id,
        rows_read.row_number,
        known.la_person_unique_identifier
    from rows_read
    inner join known
        on
            rows_read.sender_la_code = known.sender_la_code
            and rows_read.nhs_number = known.nhs_number
    cross join repairs
    where
        repairs.backfill_person_ids
        and rows_read.la_person_unique_identifier is null
        and not rows_read.is_total_row

)

select * from backfilled
