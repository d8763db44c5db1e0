-- Each request with a fingerprint of all that decides its answer, and whether an answer with that
-- fingerprint is kept from an earlier build. An answer depends on the request's own details, the
-- numbers supplied, the index, the seeds of the trace and its code, and on no other request.
-- depends_on: {{ ref('int_index_variants_prepared') }}
-- depends_on: {{ ref('int_index_twins_counted') }}
-- depends_on: {{ ref('int_index_ages_counted') }}
{%- set details = [
    'la_code', 'la_person_unique_identifier', 'supplied_nhs_number', 'given_name', 'family_name',
    'date_of_birth', 'postcode', 'gender', 'gp_practice_code', 'event_date', 'date_of_death'
] %}

with

requests as (

    select * from {{ ref('int_trace_requests') }}

),

numbers_supplied as (

    select * from {{ ref('int_trace_numbers_supplied') }}

),

trace_answers as (

    select * from {{ source('kept', 'trace_answers') }}

),

numbers_listed as (

    select
        la_code,
        la_person_unique_identifier,
        {{ sorted_text('nhs_number') }} as nhs_numbers
    from numbers_supplied
    group by 1, 2

),

surroundings as (

    select {{ trace_surroundings() }} as surroundings

),

detailed as (

    select
        requests.*,
        numbers_listed.nhs_numbers,
        surroundings.surroundings
    from requests
    cross join surroundings
    left join numbers_listed
        on
            requests.la_code = numbers_listed.la_code
            and requests.la_person_unique_identifier = numbers_listed.la_person_unique_identifier

),

fingerprinted as (

    select
        {% for detail in details %}
        {{ detail }},
        {% endfor %}
        md5({{ fingerprinted_text(details + ['nhs_numbers', 'surroundings']) }})
            as request_fingerprint
    from detailed

)

select
    {% for detail in details %}
    fingerprinted.{{ detail }},
    {% endfor %}
    fingerprinted.request_fingerprint,
    trace_answers.request_fingerprint is not null as is_kept
from fingerprinted
left join trace_answers
    on fingerprinted.request_fingerprint = trace_answers.request_fingerprint
