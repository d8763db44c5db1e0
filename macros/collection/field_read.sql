{% macro field_read(field, rows) -%}
    {%- set casts = {'date': 'date', 'money': 'decimal(18, 2)'} -%}
    {%- if field.reader == 'text' -%}
        case
            when not {{ cell_is_error(rows ~ '.' ~ field.field) }}
                then {{ cell_cleaned(rows ~ '.' ~ field.field) }}
        end
    {%- elif field.reader in casts -%}
        try_cast({{ value_found(field, 'canonical') }} as {{ casts[field.reader] }})
    {%- else -%}
        {{ value_found(field, 'canonical') }}
    {%- endif -%}
{%- endmacro %}
