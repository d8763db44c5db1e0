-- For an auditor: one row per link and detail, levels and weights only.
with

persons_traced as (

    select * from {{ ref('int_persons_traced') }}

),

encoded as (

    select * from {{ ref('int_trace_requests_encoded') }}

),

pairs as (

    select * from {{ ref('int_trace_pairs_scored') }}

),

links as (

    select
        persons_traced.la_code,
        persons_traced.la_person_unique_identifier,
        persons_traced.trace_step,
        pairs.*
    from persons_traced
    inner join encoded
        on
            persons_traced.la_code = encoded.la_code
            and persons_traced.la_person_unique_identifier
            = encoded.la_person_unique_identifier
    inner join pairs
        on
            encoded.request_id = pairs.request_id
            and persons_traced.nhs_number = {{ person_id_as_number('pairs.person_id') }}

),

explained as (
    {% for field in trace_fields() %}
    select
        la_code,
        la_person_unique_identifier,
        trace_step,
        '{{ field }}' as field,
        {{ field }}_level as level,
        {{ field }}_context as context,
        {{ field }}_weight as weight,
        weights_version
    from links
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from explained
