{% macro context_columns() -%}
    {{ return([
        'client_type',
        'event_type',
        'assessment_type',
        'primary_support_reason',
        'service_type',
        'service_component',
        'delivery_mechanism',
        'review_reason',
        'cost_frequency_unit_type',
        'age_group',
        'date_of_death'
    ]) }}
{%- endmacro %}
