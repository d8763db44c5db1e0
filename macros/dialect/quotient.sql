{% macro quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('quotient')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__quotient(dividend, divisor) -%}
    {{ dividend }} / {{ divisor }}
{%- endmacro %}

{% macro spark__quotient(dividend, divisor) -%}
    cast({{ dividend }} as double) / {{ divisor }}
{%- endmacro %}
