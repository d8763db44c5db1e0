{% macro nhs_number_is_repeated(column) -%}
    coalesce(replace({{ column }}, left({{ column }}, 1), '') = '', false)
{%- endmacro %}
