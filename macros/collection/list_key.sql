{% macro list_key(text) -%}
    {{ replaced(
        replaced(blanks_plain(text), '[\\x{2010}-\\x{2015}\\x{2212}]', '-'),
        ' *([-/:&,()]) *',
        '\\1'
    ) }}
{%- endmacro %}
