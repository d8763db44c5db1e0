{# Of a value that `values_joined` brought in: those of a code list come in bundles. #}
{% macro value_found(field, column) -%}
    {%- if field.bundle is defined -%}
        values_{{ field.bundle }}.{{ column }}_{{ field.place }}
    {%- else -%}
        {{ field.field }}_values.{{ column }}
    {%- endif -%}
{%- endmacro %}
