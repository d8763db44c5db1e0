{# Cells of an event's row that every table of unique events shows: of what happened (`event`), of the
   service without its cost (`service`), of the client as at the event (`client`). #}
{% macro event_cells(rows, group) -%}
{%- set cells = {
    'event': [
        'event_reference',
        'event_outcome',
        'request_route_of_access',
        'assessment_type',
        'eligible_needs_identified',
        'method_of_assessment',
        'review_reason',
        'review_outcomes_achieved',
        'method_of_review',
    ],
    'service': [
        'service_type',
        'service_component',
        'delivery_mechanism',
        'provider_cqc_location_id',
    ],
    'client': [
        'primary_support_reason',
        'accommodation_status',
        'employment_status',
        'client_funding_status',
        'has_unpaid_carer',
        'dementia',
        'autism_spectrum_disorder_asd',
        'visual_impairment',
        'hearing_impairment',
        'total_hrs_caring_per_week',
        'ethnicity',
        'gender',
        'date_of_birth',
        'date_of_death',
        'postcode',
        'gp_practice_code',
    ],
} -%}
{%- for cell in cells[group] -%}
{{ rows }}.{{ cell }}{% if not loop.last %},
{% endif %}
{%- endfor %}
{%- endmacro %}
