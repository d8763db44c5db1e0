{# Whole pence as pounds, exact: 123450 gives 1234.50. #}
{% macro in_pounds(pence) -%}
    cast({{ pence }} * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}
