{# A date with its day and month exchanged: 1950-03-12 gives 1950-12-03. Only for days up to 12. #}
{% macro day_and_month_exchanged(day) -%}
    make_date(
        cast(extract(year from {{ day }}) as integer),
        cast(extract(day from {{ day }}) as integer),
        cast(extract(month from {{ day }}) as integer)
    )
{%- endmacro %}
