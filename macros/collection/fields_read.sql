{% macro fields_read(fields, rows) -%}
    {%- for field in fields -%}
        {{ field_read(field, rows) }} as {{ field.field }}
        {{- ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
