{# Whether a row that an agreement lists (a product, purpose or processor) stands in a version of it:
   blank means every version. Both arguments are names of relations in the query. #}
{% macro is_of_version(listed, agreements) -%}
    {{ listed }}.agreement_reference = {{ agreements }}.agreement_reference
    and coalesce({{ listed }}.version, {{ agreements }}.version) = {{ agreements }}.version
{%- endmacro %}
