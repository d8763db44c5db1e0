{# The day on which things are judged: `as_of_date`, or today when it is null. #}
{% macro as_of_day() -%}
    {%- if var('as_of_date') -%}
        cast('{{ var("as_of_date") }}' as date)
    {%- else -%}
        current_date
    {%- endif -%}
{%- endmacro %}
