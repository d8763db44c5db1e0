{# The NHS number, ten digits, of an index person known by the number as an integer. #}
{% macro person_id_as_number(column) -%}
    lpad(cast({{ column }} as string), 10, '0')
{%- endmacro %}
