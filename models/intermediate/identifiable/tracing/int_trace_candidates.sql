-- One row per request and index person whom a blocking key brings together and who agree on enough
-- to be scored. Blocks are equi-joins of the requests to the one table of variants. A record whose
-- number is confirmed has that person as its one candidate.
{# Each block: which keys of the request meet which of the variants, and who is worth scoring. #}
{%- set blocks = [
    {
        'name': 'the postcode, at any time',
        'keys': 'open_requests',
        'meet': ['postcode_id'],
        'where': births_may_be_one('open_requests', 'variants') ~ "
        or coalesce(open_requests.given_name_id = variants.given_name_id, false)
        or (
            open_requests.date_of_birth is null
            and coalesce(open_requests.family_name_id = variants.family_name_id, false)
        )",
    },
    {'name': 'birth and postcode district', 'keys': 'births', 'meet': ['district_id']},
    {'name': 'birth and second half of the postcode', 'keys': 'births', 'meet': ['inward_id']},
    {'name': 'birth and practice', 'keys': 'births', 'meet': ['practice_id']},
    {
        'name': 'birth and sound of the family name',
        'keys': 'family_keys',
        'meet': ['family_sounds_like'],
        'where': initials_agree('family_keys.given_sounds_like', 'variants.given_sounds_like'),
    },
    {
        'name': 'birth and given name',
        'keys': 'given_keys',
        'meet': ['given_name_id'],
        'where': initials_agree('given_keys.family_sounds_like', 'variants.family_sounds_like'),
    },
    {
        'name': 'both names, for a wrong date of birth',
        'keys': 'open_requests',
        'meet': ['given_name_id', 'family_name_id'],
        'where': births_may_be_one('open_requests', 'variants') ~ "
        or (
            open_requests.date_of_birth is null
            and (
                open_requests.district_id = variants.district_id
                or open_requests.practice_id = variants.practice_id
            )
        )",
    },
    {
        'name': 'a number near the one that was supplied',
        'keys': 'numbers_repaired',
        'meet': ['person_id'],
    },
] %}

with

requests as (

    select * from {{ ref('int_trace_requests_encoded') }}

),

cross_checks as (

    select * from {{ ref('int_trace_cross_checks') }}

),

numbers_repaired as (

    select * from {{ ref('int_trace_numbers_repaired') }}

),

-- One name of the table for each block: a name used twice would be a copy of the whole index.
{%- for block in blocks %}
variants_{{ loop.index }} as (

    select * from {{ ref('int_index_variants_prepared') }}

),
{% endfor %}

short_names as (

    select * from {{ ref('trace_short_names') }}

),

value_counts as (

    select * from {{ ref('int_index_values_counted') }}

),

confirmed as (

    select distinct
        request_id,
        person_id
    from cross_checks
    where rule_id is not null

),

open_requests as (

    select requests.*
    from requests
    left join confirmed
        on requests.request_id = confirmed.request_id
    where confirmed.request_id is null

),

-- Both readings of a date whose day and month may have been exchanged.
births as (

    select
        request_id,
        given_name,
        given_name_id,
        given_sounds_like,
        family_sounds_like,
        district_id,
        inward_id,
        practice_id,
        date_of_birth
    from open_requests
    where date_of_birth is not null

    union all

    select
        request_id,
        given_name,
        given_name_id,
        given_sounds_like,
        family_sounds_like,
        district_id,
        inward_id,
        practice_id,
        {{ day_and_month_exchanged('date_of_birth') }} as date_of_birth
    from open_requests
    where
        extract(day from date_of_birth) <= 12
        and extract(day from date_of_birth) <> extract(month from date_of_birth)

),

-- The given name, its short and long forms.
given_keys as (

    select
        request_id,
        date_of_birth,
        family_sounds_like,
        given_name_id
    from births
    where given_name_id is not null

    union all

    select
        births.request_id,
        births.date_of_birth,
        births.family_sounds_like,
        value_counts.value_id as given_name_id
    from births
    inner join short_names
        on births.given_name = short_names.name
    inner join value_counts
        on
            short_names.also_known_as = value_counts.field_value
            and value_counts.field = 'given_name'

),

-- The family name, and the given name of records that exchange the two.
family_keys as (

    select
        request_id,
        date_of_birth,
        given_sounds_like,
        family_sounds_like
    from births
    where family_sounds_like is not null

    union all

    select
        request_id,
        date_of_birth,
        family_sounds_like as given_sounds_like,
        given_sounds_like as family_sounds_like
    from births
    where given_sounds_like is not null

),

paired as (
    {% for block in blocks %}
    -- block: {{ block.name }}
    select
        {{ block['keys'] }}.request_id,
        variants.person_id,
        {{ 'true' if block.meet == ['postcode_id'] else 'false' }} as is_at_postcode
    from {{ block['keys'] }}
    inner join variants_{{ loop.index }} as variants
        on
            {% if block['keys'] in ('births', 'given_keys', 'family_keys') -%}
            {{ block['keys'] }}.date_of_birth = variants.date_of_birth
            and {% endif %}
            {%- for column in block.meet -%}
            {{ 'and ' if not loop.first }}{{ block['keys'] }}.{{ column }} = variants.{{ column }}
            {% endfor %}
    {%- if block.where %}
    where
        {{ block.where }}
    {%- endif %}

    union all
    {% endfor %}
    select
        request_id,
        person_id,
        false as is_at_postcode
    from confirmed

)

select
    request_id,
    person_id,
    bool_or(is_at_postcode) as is_at_postcode
from paired
group by 1, 2
