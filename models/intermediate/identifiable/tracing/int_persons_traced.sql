with

requests as (

    select * from {{ ref('int_trace_requests') }}

),

answers as (

    select * from {{ ref('int_trace_answers') }}

),

outcomes_national as (

    select * from {{ ref('int_trace_outcomes_national') }}

),

policy as (

    select {{ policy_value('tracing_source', 'string') }} as tracing_source
    from {{ ref('trace_policy') }}

),

-- Either the local index answers or the national service, never a mixture.
outcomes_used as (

    select
        answers.la_code,
        answers.la_person_unique_identifier,
        answers.nhs_number,
        answers.trace_step,
        answers.has_close_matches,
        answers.match_weight,
        answers.match_margin,
        answers.candidate_count,
        answers.scored_count,
        answers.has_two_numbers,
        answers.is_superseded,
        answers.is_sensitive,
        answers.has_enough_data,
        answers.match_probability
    from answers
    cross join policy
    where policy.tracing_source = 'local_index'

    union all

    select
        outcomes_national.la_code,
        outcomes_national.la_person_unique_identifier,
        outcomes_national.nhs_number,
        outcomes_national.trace_step,
        outcomes_national.has_close_matches,
        outcomes_national.match_weight,
        outcomes_national.match_margin,
        outcomes_national.candidate_count,
        outcomes_national.scored_count,
        outcomes_national.has_two_numbers,
        outcomes_national.is_superseded,
        outcomes_national.is_sensitive,
        outcomes_national.has_enough_data,
        outcomes_national.match_probability
    from outcomes_national
    cross join policy
    where policy.tracing_source = 'national_service'

),

stepped as (

    select
        requests.la_code,
        requests.la_person_unique_identifier,
        requests.supplied_nhs_number,
        requests.date_of_birth,
        requests.gender,
        outcomes_used.nhs_number,
        coalesce(outcomes_used.trace_step, 'none') as trace_step,
        outcomes_used.match_weight,
        outcomes_used.match_probability,
        outcomes_used.match_margin,
        coalesce(outcomes_used.candidate_count, 0) as candidate_count,
        coalesce(outcomes_used.scored_count, 0) as scored_count,
        coalesce(outcomes_used.has_two_numbers, false) as has_two_numbers,
        coalesce(outcomes_used.is_superseded, false) as is_superseded,
        coalesce(outcomes_used.is_sensitive, false) as is_sensitive,
        coalesce(outcomes_used.has_close_matches, false) as has_close_matches,
        coalesce(outcomes_used.has_enough_data, true) as has_enough_data
    from requests
    left join outcomes_used
        on
            requests.la_code = outcomes_used.la_code
            and requests.la_person_unique_identifier
            = outcomes_used.la_person_unique_identifier

),

-- Two identifiers of one council on one number are one person held twice, unless their dates of
-- birth or genders contradict each other: then neither keeps the number.
contradicted as (

    select
        la_code,
        nhs_number
    from stepped
    where nhs_number is not null
    group by 1, 2
    having count(distinct date_of_birth) > 1 or count(distinct gender) > 1

),

resolved as (

    select
        stepped.*,
        case
            when stepped.has_two_numbers then 'one identifier with two confirmed numbers'
            when contradicted.nhs_number is not null
                then 'two identifiers with one number and contradicting details'
        end as conflict_reason
    from stepped
    left join contradicted
        on
            stepped.la_code = contradicted.la_code
            and stepped.nhs_number = contradicted.nhs_number

),

outcomes as (

    select
        ---------- identifiers
        resolved.la_code,
        resolved.la_person_unique_identifier,
        resolved.supplied_nhs_number,
        case when resolved.conflict_reason is null then resolved.nhs_number end as nhs_number,

        ---------- how it was found
        case when resolved.conflict_reason is null then resolved.trace_step else 'none' end
            as trace_step,
        resolved.match_weight,
        case when resolved.conflict_reason is null then resolved.match_probability end
            as match_probability,
        resolved.match_margin,
        resolved.candidate_count,
        resolved.scored_count,

        ---------- outcome codes
        case
            when resolved.conflict_reason is not null then '05'
            when resolved.nhs_number is not null then '01'
            else '04'
        end as nhs_number_status_code,
        case
            when resolved.conflict_reason is not null then '97'
            when resolved.nhs_number is not null and resolved.is_sensitive then '92'
            when resolved.nhs_number is not null and resolved.is_superseded then '90'
            when resolved.nhs_number is not null then '00'
            when not resolved.has_enough_data then '96'
            when resolved.has_close_matches then '97'
            else '98'
        end as response_code,
        resolved.conflict_reason
    from resolved

)

select * from outcomes
