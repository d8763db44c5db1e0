{% macro fields_read(fields, rows) -%}
    {%- set casts = {'date': 'date', 'money': 'decimal(18, 2)'} -%}
    {%- for field in fields -%}
        {%- if field.reader == 'text' -%}
            case
                when not {{ cell_is_error(rows ~ '.' ~ field.field) }}
                    then {{ cell_cleaned(rows ~ '.' ~ field.field) }}
            end as {{ field.field }}
        {%- elif field.reader in casts -%}
            try_cast({{ field.field }}_values.canonical as {{ casts[field.reader] }})
                as {{ field.field }}
        {%- else -%}
            {{ field.field }}_values.canonical as {{ field.field }}
        {%- endif -%}
        {{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
