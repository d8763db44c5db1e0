{% macro nothing_read(fields, names, rows) -%}
    coalesce(
        {%- for field in fields if field.field in names %}
        cast({{ field_read(field, rows) }} as {{ dbt.type_string() }}),
        {%- endfor %}
        null
    ) is null
{%- endmacro %}
