{% macro context_values(named=true) -%}
    {%- for column in context_columns() -%}
        {%- if column == 'age_group' -%}
            age_group
        {%- elif column == 'date_of_death' -%}
            case when date_of_death is null then '<none>' else 'present' end
        {%- else -%}
            coalesce({{ column }}, '<none>')
        {%- endif -%}
        {{ ' as ' ~ column if named and column != 'age_group' }}
        {{- ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
