{# True for what was received by the end of the day `as_of_date`; for everything when it is null. #}
{% macro received_by_as_of(received_at) -%}
    {%- if var('as_of_date') -%}
        cast({{ received_at }} as date) <= cast('{{ var("as_of_date") }}' as date)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
