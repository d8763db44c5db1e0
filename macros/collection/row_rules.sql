{% macro row_rules() -%}
    {{ return([
        'total_row',
        'person_id_blank',
        'person_id_backfilled',
        'event_type_missing',
        'event_start_missing',
        'end_before_start',
        'end_after_receipt',
        'event_before_collection',
        'event_start_before_collection',
        'birth_after_event',
        'death_before_event',
        'event_outlives_client',
        'client_under_18',
        'outcome_of_financial_assessment',
        'event_of_association',
        'direct_payment_in_prison',
        'cost_without_frequency'
    ]) }}
{%- endmacro %}
