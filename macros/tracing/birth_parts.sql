{# Select list: a date of birth as two whole numbers, which compare faster than parts of dates: 1950-03-12
   as birth_year 1950 and birth_month_day 312. #}
{% macro birth_parts(date) -%}
    cast(extract(year from {{ date }}) as smallint) as birth_year,
    cast(
        extract(month from {{ date }}) * 100 + extract(day from {{ date }}) as smallint
    ) as birth_month_day
{%- endmacro %}
