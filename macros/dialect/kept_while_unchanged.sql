{# The materialisation of a table that is made anew only when what it is made of has changed; a plain
   table where the warehouse has none of the kind. #}
{% macro kept_while_unchanged() -%}
    {{ return(adapter.dispatch('kept_while_unchanged')()) }}
{%- endmacro %}

{% macro default__kept_while_unchanged() -%}
    {{ return('kept') }}
{%- endmacro %}

{% macro spark__kept_while_unchanged() -%}
    {{ return('table') }}
{%- endmacro %}
