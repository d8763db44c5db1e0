-- What the trace over the local index found: one row per request that was weighed in this build.
with

encoded as (

    select * from {{ ref('int_trace_requests_encoded') }}

),

cross_checks as (

    select * from {{ ref('int_trace_cross_checks') }}

),

candidates as (

    select * from {{ ref('int_trace_candidates') }}

),

decisions as (

    select * from {{ ref('int_trace_decisions') }}

),

numbers_supplied as (

    select * from {{ ref('int_trace_numbers_supplied') }}

),

trace_steps as (

    select * from {{ ref('trace_steps') }}

),

-- Two confirmed numbers of different persons under one identifier: neither is taken.
confirmed as (

    select
        request_id,
        count(distinct person_id) as confirmed_count,
        bool_and(is_superseded) as is_superseded
    from cross_checks
    where rule_id is not null
    group by 1

),

-- All who ever lived at the postcode were brought together with the record, though few were scored.
counted as (

    select
        request_id,
        count(*) as candidate_count,
        count(case when not is_at_postcode then 1 end) as elsewhere_count
    from candidates
    group by 1

),

with_valid_number as (

    select distinct
        la_code,
        la_person_unique_identifier
    from numbers_supplied

),

stepped as (

    select
        encoded.la_code,
        encoded.la_person_unique_identifier,
        case
            when confirmed.confirmed_count > 1 then null
            when decisions.decision in ('confirmed', 'linked')
                then {{ person_id_as_number('decisions.person_id') }}
        end as nhs_number,
        case
            when confirmed.confirmed_count > 1 then 'none'
            when decisions.decision = 'confirmed' then 'cross_check'
            when decisions.decision = 'linked' and decisions.is_exact_and_unique then 'exact'
            when decisions.decision = 'linked' then 'probabilistic'
            else 'none'
        end as trace_step,
        coalesce(decisions.decision = 'multiple', false) as has_close_matches,
        decisions.match_weight,
        decisions.match_probability,
        decisions.match_margin,
        case
            when confirmed.request_id is not null then counted.candidate_count
            else encoded.postcode_persons + coalesce(counted.elsewhere_count, 0)
        end as candidate_count,
        coalesce(decisions.scored_count, 0) as scored_count,
        coalesce(confirmed.confirmed_count > 1, false) as has_two_numbers,
        coalesce(confirmed.is_superseded, false) as is_superseded,
        coalesce(decisions.is_sensitive, false) as is_sensitive,
        with_valid_number.la_code is not null
        or (
            encoded.date_of_birth is not null
            and (
                encoded.postcode is not null
                or encoded.given_name is not null
                or encoded.family_name is not null
            )
        )
        or (
            encoded.given_name is not null
            and encoded.family_name is not null
            and encoded.postcode is not null
        ) as has_enough_data
    from encoded
    left join confirmed
        on encoded.request_id = confirmed.request_id
    left join decisions
        on encoded.request_id = decisions.request_id
    left join counted
        on encoded.request_id = counted.request_id
    left join with_valid_number
        on
            encoded.la_code = with_valid_number.la_code
            and encoded.la_person_unique_identifier
            = with_valid_number.la_person_unique_identifier

)

select
    stepped.la_code,
    stepped.la_person_unique_identifier,
    stepped.nhs_number,
    stepped.trace_step,
    stepped.has_close_matches,
    stepped.match_weight,
    stepped.match_margin,
    stepped.candidate_count,
    stepped.scored_count,
    stepped.has_two_numbers,
    stepped.is_superseded,
    stepped.is_sensitive,
    stepped.has_enough_data,
    case
        when stepped.trace_step <> 'none'
            then coalesce(trace_steps.match_probability, stepped.match_probability)
    end as match_probability
from stepped
left join trace_steps
    on stepped.trace_step = trace_steps.trace_step
