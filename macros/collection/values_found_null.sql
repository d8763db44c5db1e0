{% macro values_found_null(fields, names) -%}
    {%- for field in fields if field.field in names -%}
        {{ value_found(field, 'canonical') }} is null
        {{- '\n                and ' if not loop.last }}
    {%- else -%}
        true
    {%- endfor -%}
{%- endmacro %}
