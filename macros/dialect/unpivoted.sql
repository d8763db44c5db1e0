{% macro unpivoted(relation, columns, name_column, value_column) -%}
    {{ return(adapter.dispatch('unpivoted')(relation, columns, name_column, value_column)) }}
{%- endmacro %}

{% macro default__unpivoted(relation, columns, name_column, value_column) -%}
    {{ relation }} unpivot include nulls (
        {{ value_column }} for {{ name_column }} in ({{ columns | join(', ') }})
    )
{%- endmacro %}

{% macro spark__unpivoted(relation, columns, name_column, value_column) -%}
    {{ relation }} unpivot include nulls (
        {{ value_column }} for {{ name_column }} in ({{ columns | join(', ') }})
    ) as {{ relation }}_unpivoted
{%- endmacro %}
