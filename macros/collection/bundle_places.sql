{% macro bundle_places() -%}
    {{ return(range(1, 8) | list) }}
{%- endmacro %}
