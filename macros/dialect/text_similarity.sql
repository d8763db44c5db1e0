{# How alike two texts are, 0 to 1: Jaro-Winkler where the engine has it, else the share of letters
   that need no change. #}
{% macro text_similarity(left_text, right_text) -%}
    {{ return(adapter.dispatch('text_similarity')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__text_similarity(left_text, right_text) -%}
    jaro_winkler_similarity({{ left_text }}, {{ right_text }})
{%- endmacro %}

{% macro spark__text_similarity(left_text, right_text) -%}
    (
        1 - levenshtein({{ left_text }}, {{ right_text }})
        / greatest(length({{ left_text }}), length({{ right_text }}))
    )
{%- endmacro %}
