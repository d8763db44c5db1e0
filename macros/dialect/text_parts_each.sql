{% macro text_parts_each(text, separator) -%}
    {{ return(adapter.dispatch('text_parts_each')(text, separator)) }}
{%- endmacro %}

{% macro default__text_parts_each(text, separator) -%}
    unnest(string_split({{ text }}, '{{ separator }}'))
{%- endmacro %}

{% macro spark__text_parts_each(text, separator) -%}
    explode(split({{ text }}, '[{{ separator }}]'))
{%- endmacro %}
