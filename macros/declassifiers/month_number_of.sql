{# Months since the year 0: 2017-05-03 gives 24209, so that months can be subtracted. Null gives null. #}
{% macro month_number_of(day) -%}
    (extract(year from {{ day }}) * 12 + extract(month from {{ day }}))
{%- endmacro %}
