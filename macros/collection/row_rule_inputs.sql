{% macro row_rule_inputs() -%}
    {{ return([
        'la_person_unique_identifier',
        'client_type',
        'event_type',
        'event_start_date',
        'event_end_date',
        'date_of_birth',
        'date_of_death',
        'assessment_type',
        'event_outcome',
        'service_type',
        'delivery_mechanism',
        'unit_cost',
        'cost_frequency_unit_type'
    ]) }}
{%- endmacro %}
