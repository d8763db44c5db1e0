{% macro cell_is_error(column) -%}
    {{ matched(column, '^#(N/A|REF!|VALUE!|DIV/0!|NAME[?]|NUM!|NULL!|SPILL!|CALC!)$') }}
{%- endmacro %}
