{# The common table expressions that compare `pairs` (request_id, person_id) with the index, at best
   over all addresses and names that a person ever had. They stand after `pairs_inputs`. The last is
   `compared`: one row per pair, levels only. #}
{% macro pairs_compared() -%}
known_numbers as (

    select distinct request_id
    from cross_checks

),

pair_variants as (

    select
        pairs.request_id,
        variants.*
    from pairs
    inner join variants
        on pairs.person_id = variants.person_id

),

ranked as (

    select
        pair_variants.request_id,
        pair_variants.person_id,
        pair_variants.is_sensitive,
        pair_variants.has_placeholder_birth,
        pair_variants.date_of_birth,
        pair_variants.date_of_death,
        pair_variants.gender,
        pair_variants.practice_id,
        {{ postcode_rank('requests', 'pair_variants', 'postcodes.postcode', 'requests.event_date') }}
            as postcode_rank,
        {{ given_name_rank(
            'requests.given_name', 'given_names.field_value',
            'requests.family_name', 'family_names.field_value',
            'short_names.name is not null', 'policy.name_similarity'
        ) }} as given_rank,
        {{ family_name_rank(
            'requests.family_name', 'family_names.field_value',
            'requests.given_name', 'given_names.field_value', 'policy.name_similarity'
        ) }} as family_rank
    from pair_variants
    inner join requests
        on pair_variants.request_id = requests.request_id
    cross join policy
    left join postcodes
        on pair_variants.postcode_id = postcodes.postcode_id
    left join value_counts as given_names
        on
            pair_variants.given_name_id = given_names.value_id
            and given_names.field = 'given_name'
    left join value_counts as family_names
        on
            pair_variants.family_name_id = family_names.value_id
            and family_names.field = 'family_name'
    left join short_names
        on
            requests.given_name = short_names.name
            and given_names.field_value = short_names.also_known_as

),

-- Both names come from one and the same name of the person: the one with the best sum of ranks. What
-- is the person's and not of a name or an address is the same in all rows.
best as (

    select
        request_id,
        person_id,
        max(is_sensitive) as is_sensitive,
        max(has_placeholder_birth) as has_placeholder_birth,
        max(date_of_birth) as date_of_birth,
        max(date_of_death) as date_of_death,
        max(gender) as gender,
        max(practice_id) as practice_id,
        min(postcode_rank) as postcode_rank,
        min(100 * (given_rank + family_rank) + 10 * given_rank + family_rank) as names_rank
    from ranked
    group by 1, 2

),

levelled as (

    select
        best.request_id,
        best.person_id,
        best.is_sensitive,
        confirmed.request_id is not null as is_confirmed,
        {{ ranked_level('best.postcode_rank', postcode_levels()) }} as postcode_level,
        {{ ranked_level('best.names_rank % 10', family_name_levels()) }} as family_name_level,
        {{ ranked_level('((best.names_rank % 100) - best.names_rank % 10) / 10', given_name_levels()) }}
            as given_name_level,
        case
            when requests.date_of_birth is null or best.date_of_birth is null then 'missing'
            else {{ date_of_birth_level('requests.date_of_birth', 'best.date_of_birth') }}
        end as date_of_birth_level,
        case
            when requests.gender is null or best.gender is null then 'missing'
            when requests.gender = best.gender then 'same'
            else 'other'
        end as gender_level,
        case
            when requests.practice_id is null or best.practice_id is null then 'missing'
            when requests.practice_id = best.practice_id then 'same'
            else 'other'
        end as practice_level,
        case
            when confirmed.request_id is not null then 'confirmed'
            when numbers_repaired.repair is not null then numbers_repaired.repair
            when requests.supplied_nhs_number is null then 'missing'
            when
                known_numbers.request_id is null
                and {{ nhs_number_is_valid('requests.supplied_nhs_number') }}
                then 'unknown'
            else 'other'
        end as nhs_number_level,
        case
            when requests.date_of_death = best.date_of_death then 'same'
            when
                {{ days_added('best.date_of_death', 'policy.grace_days') }} < requests.event_date
                then 'before_event'
            else 'missing'
        end as death_level,
        requests.has_placeholder_birth or best.has_placeholder_birth as has_placeholder_birth,
        extract(year from requests.date_of_birth) = extract(year from best.date_of_birth)
            as has_same_year
    from best
    inner join requests
        on best.request_id = requests.request_id
    cross join policy
    left join confirmed
        on
            best.request_id = confirmed.request_id
            and best.person_id = confirmed.person_id
    left join numbers_repaired
        on
            best.request_id = numbers_repaired.request_id
            and best.person_id = numbers_repaired.person_id
    left join known_numbers
        on best.request_id = known_numbers.request_id

),

compared as (

    select
        request_id,
        person_id,
        is_sensitive,
        is_confirmed,
        has_placeholder_birth,
        postcode_level,
        family_name_level,
        given_name_level,
        case
            when
                date_of_birth_level in ('none', 'one_digit', 'two_parts', 'swapped')
                and has_placeholder_birth
                and has_same_year
                then 'year'
            else date_of_birth_level
        end as date_of_birth_level,
        gender_level,
        practice_level,
        nhs_number_level,
        death_level
    from levelled

)
{%- endmacro %}
