{% macro months_added(day, months) -%}
    {{ return(adapter.dispatch('months_added')(day, months)) }}
{%- endmacro %}

{% macro default__months_added(day, months) -%}
    cast({{ day }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{% macro spark__months_added(day, months) -%}
    add_months({{ day }}, cast({{ months }} as integer))
{%- endmacro %}
