-- One row per landed row and field. A view: fifty times as many rows as any table here. What a cell
-- says is found by number, so that no text of a cell is read again.
{{ config(materialized=view_of_long_text()) }}
{%- set fields = specification_fields_list() %}
{%- set kinds = text_cell_kinds() %}

with

cells_read as (

    {% for field in fields %}
    select
        rows_read.submission_id,
        rows_read.row_number,
        rows_read.sender_la_code,
        rows_read.received_at,
        rows_read.is_total_row,
        '{{ field.field }}' as field,
        rows_read.{{ field.field }}_cell is null as is_blank,
        statuses.field_status,
        {% if field.reader == 'text' -%}
        rows_read.{{ field.field }}_cell is not null
        and rows_read.{{ field.field }}_cell <> {{ kinds.error }} as is_read,
        cast(null as {{ dbt.type_string() }}) as listed_value,
        case
            when rows_read.{{ field.field }}_cell = {{ kinds.error }} then 'error_value'
        end as value_rule_id,
        case
            when rows_read.{{ field.field }}_cell = {{ kinds.padded }} then 'blanks_around_value'
        end as repair_rule_id
        {%- else -%}
        coalesce(values_read.readable, false) as is_read,
        values_read.listed_value,
        values_read.rule_id as value_rule_id,
        values_read.repair_rule_id
        {%- endif %}
    from {{ ref('int_rows_read') }} as rows_read
    left join {{ ref('int_field_statuses_decided') }} as statuses
        on
            statuses.field = '{{ field.field }}'
            and rows_read.profile_key = statuses.profile_key
    {% if field.reader != 'text' -%}
    left join {{ ref('int_values_read') }} as values_read
        on
            values_read.field = '{{ field.field }}'
            and rows_read.{{ field.field }}_cell = values_read.value_number
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
    listed_value,
    is_blank,
    is_read,

    ---------- what is to say about it
    field_status,
    case when is_blank and field_status = 2 then 'mandatory_blank' else value_rule_id end
        as rule_id,
    repair_rule_id
from cells_read
