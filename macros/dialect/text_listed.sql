{% macro text_listed(text, separator) -%}
    {{ return(adapter.dispatch('text_listed')(text, separator)) }}
{%- endmacro %}

{% macro default__text_listed(text, separator) -%}
    string_agg(distinct {{ text }}, '{{ separator }}' order by {{ text }})
{%- endmacro %}

{% macro spark__text_listed(text, separator) -%}
    array_join(sort_array(collect_set({{ text }})), '{{ separator }}')
{%- endmacro %}
