-- One row per council and derived month that a current submission covers. Person-time and health
-- activity count only inside it: outside, nothing is known.
with

selected as (

    select * from {{ ref('int_submissions_selected') }}

),

covered as (

    select distinct
        la_code,
        {{ month_start_of('month_start') }} as month_start
    from selected

)

select * from covered
