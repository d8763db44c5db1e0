{% macro cell_is_error(column) -%}
    {{ matched(column, '^#(N/A|GETTING_DATA|DIV/0!|NAME[?]|[A-Z]+!)$') }}
{%- endmacro %}
