-- One row per landed row and field. A view: fifty times as many rows as any table here.
{{ config(materialized='view') }}
{%- set fields = specification_fields_list() %}
{%- set names = fields | map(attribute='field') | list %}

with

landed as (

    select * from {{ ref('stg_submissions__rows') }}

),

rows_read as (

    select * from {{ ref('int_rows_read') }}

),

values_read as (

    select * from {{ ref('int_values_read') }}

),

statuses as (

    select * from {{ ref('int_field_statuses_decided') }}

),

-- Written out: a view of this zone must open without the other one.
fields as (

    {% for field in fields -%}
    select
        '{{ field.field }}' as field,
        '{{ field.reader }}' as reader
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

landed_cells as (

    select
        submission_id,
        row_number,
        {{ names | join(',\n        ') }}
    from landed

),

cells as (

    select *
    from {{ unpivoted('landed_cells', names, 'field', 'raw') }}

),

cleaned_cells as (

    select
        cells.submission_id,
        cells.row_number,
        cells.field,
        cells.raw,
        rows_read.sender_la_code,
        rows_read.received_at,
        rows_read.is_total_row,
        rows_read.profile_key,
        fields.reader = 'text' as is_text,
        -- Values of typed fields were cleaned once, when they were read.
        case
            when fields.reader = 'text' then {{ cell_cleaned('cells.raw') }}
            else values_read.cleaned
        end as cleaned,
        values_read.canonical,
        values_read.listed_value,
        values_read.rule_id,
        values_read.repair_rule_id
    from cells
    inner join fields
        on cells.field = fields.field
    inner join rows_read
        on
            cells.submission_id = rows_read.submission_id
            and cells.row_number = rows_read.row_number
    left join values_read
        on
            cells.submission_id = values_read.submission_id
            and cells.field = values_read.field
            and cells.raw = values_read.raw

),

cells_read as (

    select
        cleaned_cells.submission_id,
        cleaned_cells.row_number,
        cleaned_cells.sender_la_code,
        cleaned_cells.received_at,
        cleaned_cells.is_total_row,
        cleaned_cells.field,
        cleaned_cells.raw,
        cleaned_cells.cleaned,
        cleaned_cells.listed_value,
        statuses.field_status,
        case
            when
                cleaned_cells.is_text
                and cleaned_cells.raw <> cleaned_cells.cleaned
                and contains(cleaned_cells.raw, cleaned_cells.cleaned)
                and not {{ cell_is_error('cleaned_cells.cleaned') }}
                then 'blanks_around_value'
            else cleaned_cells.repair_rule_id
        end as repair_rule_id,
        case
            when cleaned_cells.is_text and not {{ cell_is_error('cleaned_cells.cleaned') }}
                then cleaned_cells.cleaned
            when not cleaned_cells.is_text then cleaned_cells.canonical
        end as canonical,
        case
            when cleaned_cells.cleaned is null and statuses.field_status = 2 then 'mandatory_blank'
            when cleaned_cells.is_text and {{ cell_is_error('cleaned_cells.cleaned') }}
                then 'error_value'
            else cleaned_cells.rule_id
        end as rule_id
    from cleaned_cells
    left join statuses
        on
            cleaned_cells.profile_key = statuses.profile_key
            and cleaned_cells.field = statuses.field

)

select
    ---------- birth certificate
    submission_id,
    row_number,
    sender_la_code,
    received_at,
    is_total_row,

    ---------- the cell
    field,
    raw,
    cleaned,
    canonical,
    listed_value,
    cleaned is null or canonical is not null as readable,

    ---------- what is to say about it
    field_status,
    rule_id,
    repair_rule_id
from cells_read
