{# Calendar year of a date as text: 2017-05-03 gives 2017. Null gives null. #}
{% macro year_of(day) -%}
    cast(extract(year from {{ day }}) as string)
{%- endmacro %}
