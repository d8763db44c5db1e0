{% macro values_joined(fields, rows, values_read) -%}
    {%- for field in fields if field.reader not in ('text', 'list') -%}
        {{ value_joined(field.field, rows, values_read) }}
        {{ '\n    ' }}
    {%- endfor -%}
    {%- for bundle in fields_bundled(fields) -%}
        {%- set bundled = 'values_' ~ loop.index -%}
        left join {{ bundled }}
            on
                {{ rows }}.submission_id = {{ bundled }}.submission_id
                {%- for field in bundle %}
                and {{ rows }}.{{ field }} is not distinct from {{ bundled }}.{{ field }}
                {%- endfor %}
        {{ '\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
