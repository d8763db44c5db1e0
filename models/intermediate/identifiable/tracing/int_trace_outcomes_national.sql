-- What the national tracing service answered: one row per response. Its sentinels for no match and
-- several matches pass the check digit, so they are taken out by value.
with

responses as (

    select * from {{ ref('stg_tracing__responses') }}

),

trace_steps as (

    select * from {{ ref('trace_steps') }}

),

stepped as (

    select
        *,
        case
            when algorithm_indicator = 1 then 'cross_check'
            when algorithm_indicator in (2, 3) then 'exact'
            when algorithm_indicator = 4 then 'probabilistic'
        end as step_answered,
        response_code in ('00', '90', '92')
        and matched_nhs_number not in ('0000000000', '9999999999')
        and {{ nhs_number_is_valid('matched_nhs_number') }} as is_match
    from responses

)

select
    stepped.la_code,
    stepped.la_person_unique_identifier,
    case when stepped.is_match then stepped.matched_nhs_number end as nhs_number,
    case when stepped.is_match then stepped.step_answered else 'none' end as trace_step,
    stepped.response_code = '97' or stepped.matched_nhs_number = '9999999999'
        as has_close_matches,
    cast(null as double) as match_weight,
    cast(null as double) as match_margin,
    cast(case when stepped.is_match then 1 else 0 end as bigint) as candidate_count,
    cast(0 as bigint) as scored_count,
    false as has_two_numbers,
    stepped.response_code = '90' as is_superseded,
    stepped.response_code = '92' as is_sensitive,
    stepped.response_code <> '96' as has_enough_data,
    case when stepped.is_match then trace_steps.match_probability end as match_probability
from stepped
left join trace_steps
    on trace_steps.trace_step = concat('national_', stepped.step_answered)
