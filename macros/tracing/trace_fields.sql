{# The details that a trace compares, in the order in which their contexts build on each other. #}
{% macro trace_fields() -%}
    {{ return(['postcode', 'family_name', 'date_of_birth', 'given_name', 'gender', 'practice',
        'nhs_number', 'death']) }}
{%- endmacro %}
