{# Month of a date as text: 2017-05-03 gives 2017-05. Null gives null. #}
{% macro month_of(day) -%}
    substr(cast({{ day }} as string), 1, 7)
{%- endmacro %}
