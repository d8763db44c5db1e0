{# Calendar quarter of a date as text: 2017-05-03 gives 2017-Q2. Null gives null. #}
{% macro quarter_of(day) -%}
    (
        cast(extract(year from {{ day }}) as string)
        || '-Q' || cast(extract(quarter from {{ day }}) as string)
    )
{%- endmacro %}
