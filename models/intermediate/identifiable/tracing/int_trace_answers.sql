-- One answer of the local index per request: those weighed in this build, and those kept from an
-- earlier one because nothing that decides them has changed.
{%- set columns = [
    'la_code', 'la_person_unique_identifier', 'nhs_number', 'trace_step', 'has_close_matches',
    'match_weight', 'match_margin', 'candidate_count', 'scored_count', 'has_two_numbers',
    'is_superseded', 'is_sensitive', 'has_enough_data', 'match_probability'
] %}

with

fingerprinted as (

    select * from {{ ref('int_trace_requests_fingerprinted') }}

),

weighed as (

    select * from {{ ref('int_trace_outcomes_local') }}

),

kept as (

    select * from {{ source('kept', 'trace_answers') }}

),

answers as (

    select
        {% for column in columns %}
        weighed.{{ column }},
        {% endfor %}
        fingerprinted.request_fingerprint
    from fingerprinted
    inner join weighed
        on
            fingerprinted.la_code = weighed.la_code
            and fingerprinted.la_person_unique_identifier = weighed.la_person_unique_identifier
    where not fingerprinted.is_kept

    union all

    select
        {% for column in columns %}
        kept.{{ column }},
        {% endfor %}
        fingerprinted.request_fingerprint
    from fingerprinted
    inner join kept
        on fingerprinted.request_fingerprint = kept.request_fingerprint
    where fingerprinted.is_kept

)

select * from answers
