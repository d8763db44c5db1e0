-- One row per request and index person worth scoring: how far each detail agrees, at best over all
-- addresses and names that the person ever had. Levels, never values.
with

{{ pairs_inputs() }}

candidates as (

    select * from {{ ref('int_trace_candidates') }}

),

pairs as (

    select
        candidates.request_id,
        candidates.person_id
    from candidates

),

{{ pairs_compared() }}

select * from compared
