{% macro months_between_each(first_month, last_month) -%}
    {{ return(adapter.dispatch('months_between_each')(first_month, last_month)) }}
{%- endmacro %}

{% macro default__months_between_each(first_month, last_month) -%}
    cast(
        unnest(generate_series({{ first_month }}, {{ last_month }}, interval 1 month)) as date
    )
{%- endmacro %}

{% macro spark__months_between_each(first_month, last_month) -%}
    explode(sequence({{ first_month }}, {{ last_month }}, interval 1 month))
{%- endmacro %}
