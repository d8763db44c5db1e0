{# Whole part of a quotient of two whole numbers that are not negative: 7 by 2 gives 3. #}
{% macro integer_divided(dividend, divisor) -%}
    {{ return(adapter.dispatch('integer_divided')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__integer_divided(dividend, divisor) -%}
    (({{ dividend }}) // ({{ divisor }}))
{%- endmacro %}

{% macro spark__integer_divided(dividend, divisor) -%}
    (({{ dividend }}) div ({{ divisor }}))
{%- endmacro %}
