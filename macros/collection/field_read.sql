{% macro field_read(field, rows) -%}
    {%- set casts = {'date': 'date', 'money': 'decimal(18, 2)'} -%}
    {%- if field.reader == 'text' -%}
        case
            when not {{ cell_is_error(rows ~ '.' ~ field.field) }}
                then {{ cell_cleaned(rows ~ '.' ~ field.field) }}
        end
    {%- elif field.reader in casts -%}
        try_cast({{ field.field }}_values.canonical as {{ casts[field.reader] }})
    {%- else -%}
        {{ field.field }}_values.canonical
    {%- endif -%}
{%- endmacro %}
