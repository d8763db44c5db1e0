{% macro values_joined(fields, rows, values_read) -%}
    {%- for field in fields if field.reader != 'text' -%}
        left join {{ values_read }} as {{ field.field }}_values
            on
                {{ field.field }}_values.field = '{{ field.field }}'
                and {{ rows }}.submission_id = {{ field.field }}_values.submission_id
                and {{ rows }}.{{ field.field }} = {{ field.field }}_values.raw
        {{ '\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
