-- One row per landed row and field. A view: fifty times as many rows as any table here. Each field
-- is joined on its own: turning columns into rows first takes longer.
{{ config(materialized='view') }}
{%- set fields = specification_fields_list() %}

with

cells_read as (

    {% for field in fields %}
    {%- set raw = 'landed.' ~ field.field %}
    {%- set cleaned = cell_cleaned(raw) if field.reader == 'text' else 'values_read.cleaned' %}
    select
        rows_read.submission_id,
        rows_read.row_number,
        rows_read.sender_la_code,
        rows_read.received_at,
        rows_read.is_total_row,
        '{{ field.field }}' as field,
        {{ raw }} as raw,
        {{ cleaned }} as cleaned,
        statuses.field_status,
        {% if field.reader == 'text' -%}
        case when not {{ cell_is_error(cleaned) }} then {{ cleaned }} end as canonical,
        cast(null as {{ dbt.type_string() }}) as listed_value,
        case
            when {{ cleaned }} is null and statuses.field_status = 2 then 'mandatory_blank'
            when {{ cell_is_error(cleaned) }} then 'error_value'
        end as rule_id,
        case
            when
                {{ raw }} <> {{ cleaned }}
                and contains({{ raw }}, {{ cleaned }})
                and not {{ cell_is_error(cleaned) }}
                then 'blanks_around_value'
        end as repair_rule_id
        {%- else -%}
        values_read.canonical,
        values_read.listed_value,
        case
            when values_read.cleaned is null and statuses.field_status = 2 then 'mandatory_blank'
            else values_read.rule_id
        end as rule_id,
        values_read.repair_rule_id
        {%- endif %}
    from {{ ref('stg_submissions__rows') }} as landed
    inner join {{ ref('int_rows_read') }} as rows_read
        on
            landed.submission_id = rows_read.submission_id
            and landed.row_number = rows_read.row_number
    left join {{ ref('int_field_statuses_decided') }} as statuses
        on
            statuses.field = '{{ field.field }}'
            and rows_read.profile_key = statuses.profile_key
    {% if field.reader != 'text' -%}
    left join {{ ref('int_values_read') }} as values_read
        on
            values_read.field = '{{ field.field }}'
            and landed.submission_id = values_read.submission_id
            and {{ raw }} = values_read.raw
    {% endif %}
    {{- 'union all' if not loop.last }}
    {% endfor %}
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
