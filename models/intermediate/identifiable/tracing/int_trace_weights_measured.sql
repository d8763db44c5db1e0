-- One row per detail, context and level of the seed, measured again on the data at hand: m on the
-- candidates of clients without a confirmed number, each counted by the probability that it is the
-- client (clients with a good number have cleaner records); u on pairs known to be two persons. It
-- changes no decision: it is there to be compared with the seed.
{%- set fields = trace_fields() %}

with

pairs as (

    select * from {{ ref('int_trace_pairs_scored') }}

),

decisions as (

    select * from {{ ref('int_trace_decisions') }}

),

non_matches as (

    select * from {{ ref('int_trace_non_matches_compared') }}

),

requests as (

    select * from {{ ref('int_trace_requests_encoded') }}

),

weights as (

    select * from {{ ref('trace_weights') }}

),

matches as (

    select
        pairs.*,
        cast(
            decisions.match_probability * power(2, pairs.match_weight - decisions.match_weight)
            as decimal(18, 6)
        ) as probability
    from pairs
    inner join decisions
        on pairs.request_id = decisions.request_id
    where decisions.decision <> 'confirmed'

),

non_matches_in_context as (

    select
        non_matches.*,
        {{ trace_contexts('non_matches', 'requests') }},
        {{ trace_frequencies('non_matches', 'requests') }}
    from non_matches
    inner join requests
        on non_matches.request_id = requests.request_id

),

observed as (
    {% for field in fields %}
    select
        'm' as kind,
        '{{ field }}' as field,
        {{ field }}_context as context,
        {{ field }}_level as level,
        sum(probability) as pairs,
        0 as frequency
    from matches
    where {{ field }}_level <> 'missing' or '{{ field }}' = 'death'
    group by 3, 4

    union all

    select
        'u' as kind,
        '{{ field }}' as field,
        {{ field }}_context as context,
        {{ field }}_level as level,
        count(*) as pairs,
        {{ quotient('sum(cast(' ~ field ~ '_frequency as decimal(18, 12)))', 'count(*)') }}
            as frequency
    from non_matches_in_context
    where
        ({{ field }}_level <> 'missing' or '{{ field }}' = 'death')
        and drawn_from = {{ trace_sample(field) }}
    group by 3, 4
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

totalled as (

    select
        kind,
        field,
        context,
        level,
        pairs,
        sum(pairs) over (partition by kind, field, context) as all_pairs,
        {{ quotient(
            'sum(pairs * frequency) over (partition by kind, field, context)',
            'sum(pairs) over (partition by kind, field, context)'
        ) }} as frequency
    from observed

),

totals as (

    select
        kind,
        field,
        context,
        max(all_pairs) as all_pairs,
        max(frequency) as frequency
    from totalled
    group by 1, 2, 3

),

measured as (

    select
        weights.field,
        weights.context,
        weights.level,
        weights.m as seed_m,
        weights.u as seed_u,
        weights.frequency_factor,
        weights.weights_version,
        {{ quotient('coalesce(match_levels.pairs, 0)', 'match_totals.all_pairs') }} as m,
        greatest(
            {{ quotient('coalesce(non_match_levels.pairs, 0)', 'non_match_totals.all_pairs') }}
            - weights.frequency_factor * non_match_totals.frequency,
            0
        ) as u,
        coalesce(match_levels.pairs, 0) as match_pairs,
        coalesce(non_match_levels.pairs, 0) as non_match_pairs,
        coalesce(match_totals.all_pairs, 0) as all_match_pairs,
        coalesce(non_match_totals.all_pairs, 0) as all_non_match_pairs,
        coalesce(non_match_totals.frequency, 0) as frequency
    from weights
    left join totals as match_totals
        on
            match_totals.kind = 'm'
            and weights.field = match_totals.field
            and weights.context = match_totals.context
    left join totals as non_match_totals
        on
            non_match_totals.kind = 'u'
            and weights.field = non_match_totals.field
            and weights.context = non_match_totals.context
    left join totalled as match_levels
        on
            match_levels.kind = 'm'
            and weights.field = match_levels.field
            and weights.context = match_levels.context
            and weights.level = match_levels.level
    left join totalled as non_match_levels
        on
            non_match_levels.kind = 'u'
            and weights.field = non_match_levels.field
            and weights.context = non_match_levels.context
            and weights.level = non_match_levels.level

)

select
    field,
    context,
    level,
    m,
    u,
    frequency,
    match_pairs,
    all_match_pairs,
    non_match_pairs,
    all_non_match_pairs,
    weights_version,
    -- How far the weight of a value of average frequency has moved, in bits.
    log2(nullif(m, 0) / nullif(u + frequency_factor * frequency, 0))
    - log2(seed_m / nullif(seed_u + frequency_factor * frequency, 0)) as drift
from measured
