{% macro day_from_parts(year, month, day) -%}
    try_cast(
        lpad({{ year }}, 4, '0') || '-' || lpad({{ month }}, 2, '0') || '-' || lpad({{ day }}, 2, '0')
        as date
    )
{%- endmacro %}
