{% macro extracted(text, pattern, group) -%}
    {{ return(adapter.dispatch('extracted')(text, pattern, group)) }}
{%- endmacro %}

{% macro default__extracted(text, pattern, group) -%}
    regexp_extract({{ text }}, '{{ pattern }}', {{ group }})
{%- endmacro %}

{% macro spark__extracted(text, pattern, group) -%}
    regexp_extract({{ text }}, r'{{ pattern | replace("''", '\\x27') }}', {{ group }})
{%- endmacro %}
