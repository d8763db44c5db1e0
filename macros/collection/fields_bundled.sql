{% macro fields_bundled(fields) -%}
    {{ return(
        fields | selectattr('reader', 'equalto', 'list') | map(attribute='field') | batch(7) | list
    ) }}
{%- endmacro %}
