{% macro values_joined(fields, rows, values_read, combinations_read) -%}
    {%- for field in fields if field.reader not in ('text', 'list') -%}
        {{ value_joined(field.field, rows, values_read) }}
        {{ '\n    ' }}
    {%- endfor -%}
    {%- for bundle, members in fields | selectattr('bundle', 'defined') | groupby('bundle') -%}
        {%- set bundled = 'values_' ~ bundle -%}
        left join {{ combinations_read }} as {{ bundled }}
            on
                {{ bundled }}.bundle = {{ bundle }}
                and {{ rows }}.submission_id = {{ bundled }}.submission_id
                {%- for field in members %}
                and {{ rows }}.{{ field.field }} is not distinct from {{ bundled }}.raw_{{ field.place }}
                {%- endfor %}
        {{ '\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
