{# How alike two texts are, 0 to 1: Jaro-Winkler. #}
{% macro text_similarity(left_text, right_text) -%}
    {{ return(adapter.dispatch('text_similarity')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__text_similarity(left_text, right_text) -%}
    jaro_winkler_similarity({{ left_text }}, {{ right_text }})
{%- endmacro %}

{% macro spark__text_similarity(left_text, right_text) -%}
    text_similarity({{ left_text }}, {{ right_text }})
{%- endmacro %}
