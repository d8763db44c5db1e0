{# First day of a date's month: 2017-05-03 gives 2017-05-01. Null gives null. #}
{% macro month_start_of(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}
