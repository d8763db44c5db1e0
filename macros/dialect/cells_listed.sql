{# One row per row that was read and field: the cell's status, what it says, the rules that found it so
   (see `int_cells_read`). #}
{% macro cells_listed(fields) -%}
    {{ return(adapter.dispatch('cells_listed')(fields)) }}
{%- endmacro %}

{% macro default__cells_listed(fields) -%}
    {%- set kinds = text_cell_kinds() %}
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
{%- endmacro %}

{# Spark holds a hash table for each join of a statement at once: two joins, not two for each field. #}
{% macro spark__cells_listed(fields) -%}
    {%- set kinds = text_cell_kinds() -%}
    {%- set is_text = "cells.field in ('" ~ fields | selectattr('reader', 'equalto', 'text')
        | map(attribute='field') | join("', '") ~ "')" -%}
    select
        cells.submission_id,
        cells.row_number,
        cells.sender_la_code,
        cells.received_at,
        cells.is_total_row,
        cells.field,
        cells.cell is null as is_blank,
        statuses.field_status,
        case
            when {{ is_text }} then cells.cell is not null and cells.cell <> {{ kinds.error }}
            else coalesce(values_read.readable, false)
        end as is_read,
        case when not {{ is_text }} then values_read.listed_value end as listed_value,
        case
            when not {{ is_text }} then values_read.rule_id
            when cells.cell = {{ kinds.error }} then 'error_value'
        end as value_rule_id,
        case
            when not {{ is_text }} then values_read.repair_rule_id
            when cells.cell = {{ kinds.padded }} then 'blanks_around_value'
        end as repair_rule_id
    from (
        select
            submission_id,
            row_number,
            sender_la_code,
            received_at,
            is_total_row,
            profile_key,
            {% for field in fields -%}
            cast({{ field.field }}_cell as bigint) as {{ field.field }}
            {{- ',' if not loop.last }}
            {% endfor %}
        from {{ ref('int_rows_read') }}
    ) unpivot include nulls (
        cell for field in ({{ fields | map(attribute='field') | join(', ') }})
    ) as cells
    left join {{ ref('int_field_statuses_decided') }} as statuses
        on
            cells.field = statuses.field
            and cells.profile_key = statuses.profile_key
    left join {{ ref('int_values_read') }} as values_read
        on
            cells.field = values_read.field
            and cells.cell = values_read.value_number
{%- endmacro %}
