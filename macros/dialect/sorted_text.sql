{# All values of a group as one text, sorted, joined by `;`. #}
{% macro sorted_text(expression, distinct=false) -%}
    {{ return(adapter.dispatch('sorted_text')(expression, distinct)) }}
{%- endmacro %}

{% macro default__sorted_text(expression, distinct) -%}
    string_agg({{ 'distinct ' if distinct }}{{ expression }}, ';' order by {{ expression }})
{%- endmacro %}

{% macro spark__sorted_text(expression, distinct) -%}
    array_join(
        array_sort({{ 'collect_set' if distinct else 'collect_list' }}({{ expression }})), ';'
    )
{%- endmacro %}
