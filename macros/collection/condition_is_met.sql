{% macro condition_is_met(conditions, profiles) -%}
    {%- for column in context_columns() -%}
        (
            {{ conditions }}.{{ column }} is null
            or contains(
                '|' || {{ conditions }}.{{ column }} || '|',
                '|' || {{ profiles }}.{{ column }} || '|'
            )
        )
        {{ 'and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
