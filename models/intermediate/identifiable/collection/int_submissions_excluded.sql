-- One row per submission that landed and that a decision of the register excludes as of the date.
with

submissions as (

    select *
    from {{ ref('stg_submissions__submissions') }}
    where outcome = 'landed'

),

decisions as (

    select *
    from {{ ref('known_bad_submissions') }}
    where {{ received_by_as_of('decided_on') }}

),

named as (

    select
        submissions.submission_id,
        submissions.la_code,
        decisions.reason,
        decisions.decided_on,
        decisions.decided_by,
        row_number() over (
            partition by submissions.submission_id
            order by
                decisions.decided_on asc nulls last,
                decisions.reason asc nulls last,
                decisions.decided_by asc nulls last
        ) as place
    from submissions
    inner join decisions
        on
            submissions.submission_id = decisions.submission_id
            or submissions.file_sha256 = decisions.file_sha256

)

select
    ---------- the submission
    submission_id,
    la_code,

    ---------- the decision, the first of several
    reason,
    decided_on,
    decided_by
from named
where place = 1
