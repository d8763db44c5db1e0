-- Guards the seed of weights against a changed world: a weight that is measured half a bit or more
-- away from the seed wants a review and a new weights_version. A warning, for the decisions stand
-- until then. Contexts with few pairs say nothing.
{{ config(group='identifiable', severity='warn') }}

with

policy as (

    select
        {{ policy_value('drift_in_bits', 'double') }} as drift_in_bits,
        {{ policy_value('drift_minimum_pairs', 'integer') }} as minimum_pairs
    from {{ ref('trace_policy') }}

)

select
    weights_measured.field,
    weights_measured.context,
    weights_measured.level,
    round(weights_measured.drift, 2) as drift
from {{ ref('int_trace_weights_measured') }} as weights_measured
cross join policy
where
    abs(weights_measured.drift) > policy.drift_in_bits
    and weights_measured.match_pairs >= policy.minimum_pairs
    and weights_measured.non_match_pairs >= policy.minimum_pairs
