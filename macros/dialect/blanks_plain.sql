{% macro blanks_plain(column) -%}
    trim({{ replaced(column, '[\\s\\x{00A0}\\x{2000}-\\x{200D}\\x{202F}\\x{3000}\\x{FEFF}]+', ' ') }})
{%- endmacro %}
