{% macro days_added(day, days) -%}
    {{ return(adapter.dispatch('days_added')(day, days)) }}
{%- endmacro %}

{% macro default__days_added(day, days) -%}
    ({{ day }} + cast({{ days }} as integer))
{%- endmacro %}

{% macro spark__days_added(day, days) -%}
    date_add({{ day }}, cast({{ days }} as integer))
{%- endmacro %}
