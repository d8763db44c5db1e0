-- One row per spell of one kind of support of a person at a council: rows that follow each other
-- within the days of the seed are one spell, whatever their provider, cost or delivery. A
-- service that is set anew on 1 April therefore goes on.
with

services as (

    select * from {{ ref('int_services_dated') }}

),

{{ intervals_merged(
    'marked', 'services', ['la_code', 'person_token', 'support'], 'start_date', 'end_date',
    'stitch_days'
) }},

stitched as (

    select
        ---------- who
        la_code,
        person_token,
        min_by(age_band_at_start, start_date) as age_band_at_start,

        ---------- what
        support,
        min(setting_rank) as setting_rank,
        max_by(event_outcome, coalesce(end_date, date '9999-12-31')) as last_outcome,

        ---------- when
        min(start_date) as start_date,
        case when count(*) = count(end_date) then max(end_date) end as end_date,

        ---------- made of
        count(*) as service_rows
    from marked
    group by la_code, person_token, support, island

)

select * from stitched
