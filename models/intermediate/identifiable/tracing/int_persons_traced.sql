with

requests as (

    select * from {{ ref('int_trace_requests') }}

),

cross_checks as (

    select * from {{ ref('int_trace_cross_checks') }}

),

exact_matches as (

    select * from {{ ref('int_trace_exact_matches') }}

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
        la_code,
        la_person_unique_identifier,
        count(distinct nhs_number) as confirmed_count,
        min(nhs_number) as nhs_number,
        bool_and(is_superseded) as is_superseded,
        bool_or(is_sensitive) as is_sensitive
    from cross_checks
    where rule_id is not null
    group by 1, 2

),

with_valid_number as (

    select distinct
        la_code,
        la_person_unique_identifier
    from numbers_supplied

),

stepped as (

    select
        requests.la_code,
        requests.la_person_unique_identifier,
        requests.supplied_nhs_number,
        requests.date_of_birth,
        requests.gender,
        case
            when confirmed.confirmed_count = 1 then confirmed.nhs_number
            when confirmed.confirmed_count is null then exact_matches.nhs_number
        end as nhs_number,
        case
            when confirmed.confirmed_count = 1 then 'cross_check'
            when confirmed.confirmed_count is null and exact_matches.is_match then 'exact'
            else 'none'
        end as trace_step,
        coalesce(confirmed.confirmed_count, exact_matches.candidate_count, 0) as candidate_count,
        coalesce(confirmed.confirmed_count > 1, false) as has_two_numbers,
        coalesce(confirmed.is_superseded, false) as is_superseded,
        coalesce(confirmed.is_sensitive, exact_matches.is_sensitive, false) as is_sensitive,
        with_valid_number.la_code is not null
        or (
            requests.date_of_birth is not null
            and requests.gender is not null
            and requests.postcode is not null
        ) as has_enough_data
    from requests
    left join confirmed
        on
            requests.la_code = confirmed.la_code
            and requests.la_person_unique_identifier = confirmed.la_person_unique_identifier
    left join exact_matches
        on
            requests.la_code = exact_matches.la_code
            and requests.la_person_unique_identifier = exact_matches.la_person_unique_identifier
    left join with_valid_number
        on
            requests.la_code = with_valid_number.la_code
            and requests.la_person_unique_identifier = with_valid_number.la_person_unique_identifier

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
        cast(null as double) as match_weight,
        case when resolved.conflict_reason is null then trace_steps.match_probability end
            as match_probability,
        cast(null as double) as match_margin,
        resolved.candidate_count,
        cast(0 as bigint) as scored_count,

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
            when resolved.candidate_count > 1 then '97'
            else '98'
        end as response_code,
        resolved.conflict_reason
    from resolved
    left join trace_steps
        on resolved.trace_step = trace_steps.trace_step

)

select * from outcomes
