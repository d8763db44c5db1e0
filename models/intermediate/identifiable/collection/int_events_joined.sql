-- One row per unique event of all quarters of each council, however far back: one file per quarter.
with

events_keyed as (

    select * from {{ ref('int_events_keyed') }}

),

rows_validated as (

    select * from {{ ref('int_rows_validated') }}

),

{{ periods_as_of('periods') }},

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

---------- one file per quarter: the latest received that covers all three months

months_covered as (

    select
        submission_id,
        la_code,
        received_at,
        {{ months_between_each(
            'period_start', "cast(date_trunc('month', period_end) as date)"
        ) }} as month_start
    from periods

),

quarters_covered as (

    select
        submission_id,
        la_code,
        received_at,
        cast(date_trunc('quarter', month_start) as date) as quarter_start,
        last_day(max(month_start)) as quarter_end
    from months_covered
    group by submission_id, la_code, received_at, cast(date_trunc('quarter', month_start) as date)
    having
        count(*) = 3
        -- Guards against a stated period that runs beyond the receipt.
        and last_day(max(month_start)) < cast(received_at as date)

),

quarters_ranked as (

    select
        quarters_covered.*,
        row_number() over (
            partition by quarters_covered.la_code, quarters_covered.quarter_start
            order by {{ file_order('quarters_covered', 'submissions') }}
        ) as place
    from quarters_covered
    inner join submissions
        on quarters_covered.submission_id = submissions.submission_id

),

quarters as (

    select
        submission_id,
        quarter_start,
        quarter_end,
        quarter_start = max(quarter_start) over (partition by la_code) as is_final
    from quarters_ranked
    where place = 1

),

---------- one copy per event: that of the latest quarter wins

in_quarter as (

    select
        events_keyed.*,
        quarters.quarter_start,
        quarters.quarter_end,
        quarters.is_final
    from events_keyed
    inner join quarters
        on events_keyed.submission_id = quarters.submission_id
    where {{ event_counts_in('events_keyed', 'quarters.quarter_start', 'quarters.quarter_end') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by sender_la_code, person_key, event_key
            order by {{ copy_order('quarter_end') }}
        ) as place,
        min(la_person_unique_identifier) over (
            partition by sender_la_code, person_key, event_key
        ) as first_la_person_unique_identifier
    from in_quarter

),

-- The kept copy is of the last quarter that has the event: open in any but the final one, the next
-- file has lost it, and without an end it would run for ever.
kept as (

    select
        submission_id,
        row_number,
        sender_la_code,
        person_key,
        first_la_person_unique_identifier,
        event_key,
        quarter_start,
        quarter_end,
        coalesce(derived_event_end_date, case when not is_final then quarter_end end)
            as derived_event_end_date,
        derived_event_end_date is null and not is_final as end_is_assumed,
        'current' as record_state
    from ranked
    where place = 1

),

{{ events_described('kept_events', 'kept') }},

---------- the repair, where it is switched on

{{ restarts_bridged('kept_events') }},

events as (

    select
        ---------- identifiers
        kept.sender_la_code || '_' || md5(
            concat_ws('|', kept.first_la_person_unique_identifier, kept.event_key)
        ) as unique_event_reference,
        kept.submission_id,
        kept.row_number,
        kept.quarter_start,
        kept.quarter_end,
        kept.sender_la_code,
        rows_validated.la_person_unique_identifier,

        ---------- the event
        rows_validated.client_type,
        rows_validated.event_type,
        rows_validated.event_start_date,
        rows_validated.event_end_date,
        coalesce(bridges.first_start_date, rows_validated.event_start_date)
            as derived_event_start_date,
        kept.derived_event_end_date,
        case when bridges.is_last is false then 'bridged' else 'current' end as record_state,
        kept.end_is_assumed,
        {{ event_cells('rows_validated', 'event') }},

        ---------- the service, without its cost: an uplift is no new event
        {{ event_cells('rows_validated', 'service') }},

        ---------- the client as at the event
        {{ event_cells('rows_validated', 'client') }}
    from kept
    inner join rows_validated
        on
            kept.submission_id = rows_validated.submission_id
            and kept.row_number = rows_validated.row_number
    left join bridges
        on
            kept.submission_id = bridges.submission_id
            and kept.row_number = bridges.row_number

)

select * from events
