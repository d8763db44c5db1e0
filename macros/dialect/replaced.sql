{% macro replaced(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replaced')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replaced(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replaced(text, pattern, replacement) -%}
    regexp_replace({{ text }}, r'{{ pattern | replace("''", '\\x27') }}', r'{{ replacement | replace('\\1', '$1') }}')
{%- endmacro %}
