{{ config(group='identifiable') }}
-- Guards "nothing is lost": of every worksheet that landed, the rows read are the rows landed, or
-- erased at the council's request, and the rows judged. Fails when one row is deleted from, or
-- comes twice in, any of the tables.
with

submissions as (

    select *
    from {{ ref('stg_submissions__submissions') }}
    where outcome = 'landed'

),

landed as (

    select
        submission_id,
        count(*) as rows_landed,
        count(distinct row_number) as row_numbers_landed
    from {{ ref('stg_submissions__rows') }}
    group by 1

),

erased as (

    select
        submission_id,
        count(*) as rows_erased
    from {{ source('landing', 'rows_erased') }}
    group by 1

),

judged as (

    select
        submission_id,
        count(*) as rows_judged,
        sum(case when outcome = 'accepted' then 1 else 0 end) as rows_accepted,
        sum(case when outcome = 'quarantined' and reasons is not null then 1 else 0 end)
            as rows_quarantined
    from {{ ref('int_rows_validated') }}
    group by 1

),

everything as (

    select
        submissions.submission_id as submission_landed,
        coalesce(landed.submission_id, judged.submission_id) as submission_found,
        submissions.rows_read,
        coalesce(erased.rows_erased, 0) as rows_erased,
        coalesce(landed.rows_landed, 0) as rows_landed,
        coalesce(landed.row_numbers_landed, 0) as row_numbers_landed,
        coalesce(judged.rows_judged, 0) as rows_judged,
        coalesce(judged.rows_accepted, 0) + coalesce(judged.rows_quarantined, 0)
            as rows_with_outcome
    from submissions
    full outer join landed
        on submissions.submission_id = landed.submission_id
    left join erased
        on submissions.submission_id = erased.submission_id
    full outer join judged
        on coalesce(submissions.submission_id, landed.submission_id) = judged.submission_id

)

select *
from everything
where
    submission_landed is null
    or rows_read <> rows_landed + rows_erased
    or rows_landed <> row_numbers_landed
    or rows_landed <> rows_judged
    or rows_judged <> rows_with_outcome
