-- One row per compared pair: for each detail the weight of its level, and their sum. A weight is
-- log2(m / u): m says how often the level is seen in pairs of one person, u in pairs of two
-- persons of the same context. Relatives, neighbours and residents of a home agree more often than
-- strangers, so u depends on what agreed before: place, then family name, date of birth, given
-- name. Where a value agrees, its own frequency in the index is part of u.
{%- set fields = trace_fields() %}

with

pairs as (

    select * from {{ ref('int_trace_pairs_compared') }}

),

requests as (

    select * from {{ ref('int_trace_requests_encoded') }}

),

weights as (

    select * from {{ ref('trace_weights') }}

),

versions as (

    select max(weights_version) as weights_version from weights

),

in_context as (

    select
        pairs.*,
        requests.index_persons,
        requests.missed_share,
        requests.twin_share,
        requests.given_name is not null and requests.family_name is not null as has_names,
        {{ trace_contexts('pairs', 'requests') }},
        {{ trace_frequencies('pairs', 'requests') }}
    from pairs
    inner join requests
        on pairs.request_id = requests.request_id

),

weighted as (

    select
        in_context.*,
        {% for field in fields %}
        {{ trace_weight(field, 'in_context') }} as {{ field }}_weight,
        {% endfor %}
        versions.weights_version
    from in_context
    cross join versions
    {% for field in fields %}
    left join weights as {{ field }}_weights
        on
            {{ field }}_weights.field = '{{ field }}'
            and in_context.{{ field }}_context = {{ field }}_weights.context
            and in_context.{{ field }}_level = {{ field }}_weights.level
    {% endfor %}

)

select
    ---------- identifiers
    request_id,
    person_id,

    ---------- attributes
    is_sensitive,
    is_confirmed,
    has_names,
    index_persons,
    missed_share,
    twin_share,

    ---------- levels, contexts and weights in bits; a level without a weight says nothing
    {% for field in fields %}
    {{ field }}_level,
    {{ field }}_context,
    coalesce({{ field }}_weight, 0) as {{ field }}_weight,
    {% endfor %}
    {% for field in fields %}
    {{ '+ ' if not loop.first }}coalesce({{ field }}_weight, 0)
    {% endfor %} as match_weight,
    weights_version
from weighted
