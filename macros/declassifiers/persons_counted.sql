{# How many different persons: 3 rows of two persons give 2. Null is nobody. #}
{% macro persons_counted(person) -%}
    count(distinct {{ person }})
{%- endmacro %}
