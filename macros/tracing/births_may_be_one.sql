{# Whether the dates of birth of a request and of an index person are near enough to be one: close, or
   of one year where either has a placeholder for the day. #}
{% macro births_may_be_one(record, variant) -%}
    {{ births_are_close(record ~ '.date_of_birth', variant ~ '.date_of_birth') }}
    or (
        ({{ record }}.has_placeholder_birth or {{ variant }}.has_placeholder_birth)
        and extract(year from {{ record }}.date_of_birth)
        = extract(year from {{ variant }}.date_of_birth)
    )
{%- endmacro %}
