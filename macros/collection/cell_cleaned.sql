{% macro cell_cleaned(column) -%}
    nullif(
        case when upper(trim({{ column }})) <> 'NULL' then {{ blanks_plain(column) }} end, ''
    )
{%- endmacro %}
