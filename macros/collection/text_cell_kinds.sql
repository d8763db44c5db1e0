{% macro text_cell_kinds() -%}
    {{ return({'plain': 0, 'error': 1, 'padded': 2}) }}
{%- endmacro %}
