-- One row per unique event of the latest derived months of each council, and per event that has
-- vanished from them.
with

events_in_period as (

    select * from {{ ref('int_events_in_period') }}

),

rows_validated as (

    select * from {{ ref('int_rows_validated') }}

),

-- Narrow on purpose: a window over all columns of a million rows would not fit in memory.
ranked as (

    select
        *,
        row_number() over (
            partition by standing, sender_la_code, person_key, event_key, cost_key
            order by {{ copy_order('span_end') }}
        ) as place,
        min(la_person_unique_identifier) over (
            partition by standing, sender_la_code, person_key, event_key, cost_key
        ) as first_la_person_unique_identifier
    from events_in_period

),

current_events as (

    select *
    from ranked
    where
        standing = 'current'
        and place = 1

),

current_keys as (

    select distinct
        sender_la_code,
        person_key,
        event_key
    from current_events

),

-- A service whose cost changed has not vanished: costs are no part of what is looked for.
vanished_ranked as (

    select
        ranked.*,
        row_number() over (
            partition by ranked.sender_la_code, ranked.person_key, ranked.event_key
            order by
                ranked.received_at desc,
                ranked.place asc,
                ranked.row_number desc,
                ranked.submission_id desc
        ) as vanished_place
    from ranked
    left join current_keys
        on
            ranked.sender_la_code = current_keys.sender_la_code
            and ranked.person_key = current_keys.person_key
            and ranked.event_key = current_keys.event_key
    where
        ranked.standing = 'superseded'
        and current_keys.event_key is null

),

last_vanished as (

    select *
    from vanished_ranked
    where vanished_place = 1

),

kept as (

    {% for state, events in {'current': 'current_events', 'vanished': 'last_vanished'}.items() %}
    select
        submission_id,
        row_number,
        sender_la_code,
        person_key,
        first_la_person_unique_identifier,
        event_key,
        cost_key,
        derived_event_end_date,
        span_end,
        '{{ state }}' as record_state
    from {{ events }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

{{ events_described('kept_events', 'kept') }},

---------- repairs, where they are switched on

{{ restarts_bridged('kept_events') }},

tombstones as (

    select {{ repair_is_on('keep_vanished') }} as keep_vanished
    from {{ ref('lifecycle_repairs') }}

),

repaired as (

    select
        kept_events.*,
        coalesce(bridges.first_start_date, kept_events.event_start_date)
            as derived_event_start_date,
        case
            when tombstones.keep_vanished and kept_events.record_state = 'vanished'
                then coalesce(kept_events.derived_event_end_date, kept_events.span_end)
            else kept_events.derived_event_end_date
        end as repaired_event_end_date,
        case
            when bridges.is_last is false then 'bridged'
            else kept_events.record_state
        end as repaired_state,
        case
            when kept_events.record_state = 'vanished' then tombstones.keep_vanished
            else coalesce(bridges.is_last, true)
        end as is_in_products
    from kept_events
    cross join tombstones
    left join bridges
        on
            kept_events.submission_id = bridges.submission_id
            and kept_events.row_number = bridges.row_number

),

events as (

    select
        ---------- identifiers
        repaired.sender_la_code || '_' || md5(
            concat_ws(
                '|',
                repaired.first_la_person_unique_identifier,
                repaired.event_key,
                repaired.cost_key
            )
        ) as unique_event_reference,
        repaired.submission_id,
        repaired.row_number,
        repaired.sender_la_code,
        rows_validated.la_person_unique_identifier,

        ---------- the event
        rows_validated.client_type,
        rows_validated.event_type,
        rows_validated.event_start_date,
        rows_validated.event_end_date,
        repaired.derived_event_start_date,
        repaired.repaired_event_end_date as derived_event_end_date,
        repaired.repaired_state as record_state,
        repaired.is_in_products,
        {{ event_cells('rows_validated', 'event') }},

        ---------- the service and its cost
        {{ event_cells('rows_validated', 'service') }},
        rows_validated.unit_cost,
        rows_validated.cost_frequency_unit_type,
        rows_validated.planned_units_per_week,

        ---------- the client as at the event
        {{ event_cells('rows_validated', 'client') }}
    from repaired
    inner join rows_validated
        on
            repaired.submission_id = rows_validated.submission_id
            and repaired.row_number = rows_validated.row_number

)

select * from events
