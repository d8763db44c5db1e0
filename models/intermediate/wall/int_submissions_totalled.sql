-- One row per submission that landed: the totals that a council compares with its own system.
-- Counts of rows and persons only.
with

submissions as (

    select *
    from {{ ref('stg_submissions__submissions') }}
    where
        outcome = 'landed'
        and {{ received_by_as_of('received_at') }}

),

rows_validated as (

    select * from {{ ref('int_rows_validated') }}

),

periods as (

    select * from {{ ref('int_submission_periods') }}

),

totals as (

    select
        submission_id,
        count(*) as rows_judged,
        sum(case when outcome = 'accepted' then 1 else 0 end) as rows_accepted,
        sum(case when outcome = 'quarantined' then 1 else 0 end) as rows_set_aside,
        {{ persons_counted(
            "case when outcome = 'accepted' then la_person_unique_identifier end"
        ) }} as persons,
        {{ persons_counted(
            "case when outcome = 'accepted' and client_type like 'Unpaid carer%'"
            ~ " then la_person_unique_identifier end"
        ) }} as carers,
        {%- for event_type in ['Request', 'Assessment', 'Service', 'Review'] %}
        sum(
            case when outcome = 'accepted' and event_type = '{{ event_type }}' then 1 else 0 end
        ) as {{ event_type | lower }}s,
        {%- endfor %}
        sum(
            case
                when
                    outcome = 'accepted' and event_type = 'Service' and event_end_date is null
                    then 1
                else 0
            end
        ) as services_open
    from rows_validated
    group by 1

),

totalled as (

    select
        ---------- whose
        submissions.la_code,
        submissions.submission_id,
        submissions.received_at,
        lag(submissions.submission_id) over (
            partition by submissions.la_code
            order by
                submissions.received_at asc,
                submissions.file_name asc,
                submissions.sheet_position asc nulls last,
                submissions.submission_id asc
        ) as previous_submission_id,

        ---------- the period that its events show
        periods.period_start,
        periods.period_end,

        ---------- rows
        coalesce(totals.rows_judged, 0) as rows_judged,
        coalesce(totals.rows_accepted, 0) as rows_accepted,
        coalesce(totals.rows_set_aside, 0) as rows_set_aside,

        ---------- accepted rows: whom and what they are about
        coalesce(totals.persons, 0) as persons,
        coalesce(totals.carers, 0) as carers,
        coalesce(totals.requests, 0) as requests,
        coalesce(totals.assessments, 0) as assessments,
        coalesce(totals.services, 0) as services,
        coalesce(totals.reviews, 0) as reviews,
        coalesce(totals.services_open, 0) as services_open
    from submissions
    left join totals
        on submissions.submission_id = totals.submission_id
    left join periods
        on submissions.submission_id = periods.submission_id

)

select * from totalled
