-- One row per submission that landed: its size, and that of the one its council sent before it.
{%- set names = specification_fields_list() | map(attribute='field') | list %}

with

rows_read as (

    select *
    from {{ ref('int_rows_read') }}
    where not is_total_row

),

landed as (

    select * from {{ ref('stg_submissions__rows') }}

),

submissions as (

    select *
    from {{ ref('stg_submissions__submissions') }}
    where outcome = 'landed'

),

sizes as (

    select
        submission_id,
        count(distinct la_person_unique_identifier) as persons,
        sum(
            {% for name in names -%}
            case when {{ name }} is not null then 1 else 0 end
            {{- ' + ' if not loop.last }}
            {% endfor -%}
        ) as cells,
        count(*) as client_rows,
        min(coalesce(event_end_date, case when event_type <> 'Service' then event_start_date end))
            as first_event_end
    from rows_read
    group by submission_id

),

last_rows as (

    select
        submission_id,
        max(row_number) as last_row
    from landed
    group by submission_id

),

compared as (

    select
        submissions.submission_id,
        submissions.la_code,
        submissions.received_at,
        submissions.rows_read,
        coalesce(sizes.persons, 0) as persons,
        {{ quotient('cast(sizes.cells as decimal(18, 6))', 'sizes.client_rows') }} as cells_per_row,
        sizes.first_event_end,
        last_rows.last_row,
        row_number() over (
            partition by submissions.la_code
            order by
                submissions.received_at asc,
                submissions.file_name asc,
                submissions.sheet_position asc nulls first,
                submissions.submission_id asc
        ) as place
    from submissions
    left join sizes
        on submissions.submission_id = sizes.submission_id
    left join last_rows
        on submissions.submission_id = last_rows.submission_id

)

select
    ---------- the submission
    current_one.submission_id,
    current_one.la_code,
    current_one.received_at,
    current_one.place,

    ---------- its size
    current_one.rows_read,
    current_one.persons,
    current_one.cells_per_row,
    current_one.first_event_end,
    current_one.last_row,

    ---------- the one before it
    earlier_one.submission_id as submission_before,
    earlier_one.rows_read as rows_before,
    earlier_one.persons as persons_before,
    earlier_one.cells_per_row as cells_per_row_before
from compared as current_one
left join compared as earlier_one
    on
        current_one.la_code = earlier_one.la_code
        and current_one.place = earlier_one.place + 1
