with

totalled as (

    select * from {{ ref('int_submissions_totalled') }}

),

compared as (

    select * from {{ ref('int_submissions_compared') }}

),

submission_totals as (

    select
        ---------- whose
        totalled.la_code,
        totalled.submission_id,
        totalled.received_at,
        totalled.previous_submission_id,
        later.submission_id is null as is_latest,

        ---------- the period that its events show
        totalled.period_start,
        totalled.period_end,

        ---------- rows
        cast(totalled.rows_judged as bigint) as rows_judged,
        cast(totalled.rows_accepted as bigint) as rows_accepted,
        cast(totalled.rows_set_aside as bigint) as rows_set_aside,

        ---------- accepted rows
        cast(totalled.persons as bigint) as persons,
        cast(totalled.carers as bigint) as carers,
        cast(totalled.requests as bigint) as requests,
        cast(totalled.assessments as bigint) as assessments,
        cast(totalled.services as bigint) as services,
        cast(totalled.reviews as bigint) as reviews,
        cast(totalled.services_open as bigint) as services_open,

        ---------- against the previous submission, in the months that both cover
        compared.overlap_start,
        compared.overlap_end,
        cast(compared.events_kept as bigint) as events_kept,
        cast(compared.events_added as bigint) as events_added,
        cast(compared.events_gone as bigint) as events_gone
    from totalled
    left join compared
        on totalled.submission_id = compared.submission_id
    left join totalled as later
        on totalled.submission_id = later.previous_submission_id

)

select * from submission_totals
