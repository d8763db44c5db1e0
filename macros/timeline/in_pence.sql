{# An amount of pounds as whole pence, so that sums are exact: 1234.50 gives 123450. #}
{% macro in_pence(amount) -%}
    cast(round({{ amount }} * 100) as bigint)
{%- endmacro %}
