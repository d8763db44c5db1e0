{# The first word of a cleaned name: councils and the index differ on middle names. #}
{% macro first_word(column) -%}
    nullif({{ extracted(column, '^([A-Z]+)', 1) }}, '')
{%- endmacro %}
