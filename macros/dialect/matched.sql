{% macro matched(text, pattern) -%}
    {{ return(adapter.dispatch('matched')(text, pattern)) }}
{%- endmacro %}

{% macro default__matched(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matched(text, pattern) -%}
    ({{ text }} rlike r'{{ pattern | replace("''", '\\x27') }}')
{%- endmacro %}
