{# How many changes of a letter make one text the other; an exchange of two neighbours is one change
   (M14 and M41). #}
{% macro text_changes(left_text, right_text) -%}
    {{ return(adapter.dispatch('text_changes')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__text_changes(left_text, right_text) -%}
    damerau_levenshtein({{ left_text }}, {{ right_text }})
{%- endmacro %}

{% macro spark__text_changes(left_text, right_text) -%}
    text_changes({{ left_text }}, {{ right_text }})
{%- endmacro %}
