{# Last day of the month of a date, as a date. #}
{% macro last_day_of_month(day) -%}
    last_day({{ day }})
{%- endmacro %}
