{% macro value_joined(field, rows, values_read) -%}
    left join {{ values_read }} as {{ field }}_values
        on
            {{ field }}_values.field = '{{ field }}'
            and {{ rows }}.submission_id = {{ field }}_values.submission_id
            and {{ rows }}.{{ field }} = {{ field }}_values.raw
{%- endmacro %}
