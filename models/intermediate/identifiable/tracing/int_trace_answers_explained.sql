-- What each number found rests on, detail by detail, also where a conflict takes the number away
-- later: of the answers weighed in this build from their pairs, of the others as it was kept.
with

fingerprinted as (

    select * from {{ ref('int_trace_requests_fingerprinted') }}

),

answers as (

    select * from {{ ref('int_trace_answers') }}

),

encoded as (

    select * from {{ ref('int_trace_requests_encoded') }}

),

pairs as (

    select * from {{ ref('int_trace_pairs_scored') }}

),

kept as (

    select * from {{ source('kept', 'trace_explanations') }}

),

links as (

    select
        answers.request_fingerprint,
        pairs.*
    from answers
    inner join encoded
        on
            answers.la_code = encoded.la_code
            and answers.la_person_unique_identifier = encoded.la_person_unique_identifier
    inner join pairs
        on
            encoded.request_id = pairs.request_id
            and answers.nhs_number = {{ person_id_as_number('pairs.person_id') }}

),

explained as (
    {% for field in trace_fields() %}
    select
        request_fingerprint,
        '{{ field }}' as field,
        {{ field }}_level as level,
        {{ field }}_context as context,
        {{ field }}_weight as weight,
        weights_version
    from links

    union all
    {% endfor %}
    select
        kept.request_fingerprint,
        kept.field,
        kept.level,
        kept.context,
        kept.weight,
        kept.weights_version
    from kept
    inner join fingerprinted
        on kept.request_fingerprint = fingerprinted.request_fingerprint
    where fingerprinted.is_kept

)

select * from explained
