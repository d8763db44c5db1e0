{# Of a value that `values_joined` brought in: those of a code list come in bundles. #}
{% macro value_found(field, column) -%}
    {{ field.field }}_{{ '' if field.reader == 'list' else 'values.' }}{{ column }}
{%- endmacro %}
