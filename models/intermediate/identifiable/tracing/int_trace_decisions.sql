-- One row per request with at least one scored candidate: the best one, how probable it is given
-- all the others and the chance that the person is not among them, and what is to be done.
-- Weights have four decimals and are summed as whole numbers: no order of rows changes a decision.
with

pairs as (

    select * from {{ ref('int_trace_pairs_scored') }}

),

-- Two names of one table: a name used twice would be a copy of the whole index.
variants as (

    select * from {{ ref('int_index_variants_prepared') }}

),

others as (

    select * from {{ ref('int_index_variants_prepared') }}

),

policy as (

    select
        {{ policy_value('absent_share', 'double') }} as absent_share,
        {{ policy_value('minimum_probability_named', 'double') }} as minimum_probability_named,
        {{ policy_value('minimum_probability_nameless', 'double') }}
            as minimum_probability_nameless,
        {{ policy_value('minimum_margin', 'double') }} as minimum_margin,
        {{ policy_value('minimum_probability_of_a_tie', 'double') }}
            as minimum_probability_of_a_tie,
        {{ policy_value('minimum_probability_of_no_twin', 'double') }}
            as minimum_probability_of_no_twin,
        {{ policy_value('number_of_a_member', 'string') }} = 'refused' as refuses_members
    from {{ ref('trace_policy') }}

),

ordered as (

    select
        pairs.*,
        pairs.date_of_birth_level = 'exact'
        and pairs.gender_level <> 'other'
        and pairs.postcode_level in ('exact_current', 'exact_former') as is_exact,
        -- An index that knows only the year of a birth does not tell a twin from the client.
        pairs.date_of_birth_level in ('exact', 'year')
        and pairs.gender_level <> 'other'
        and pairs.postcode_level in ('exact_current', 'exact_former') as may_be_exact,
        row_number() over (
            partition by pairs.request_id
            order by pairs.match_weight desc, pairs.person_id asc
        ) as place,
        max(pairs.match_weight) over (partition by pairs.request_id) as best_weight
    from pairs

),

-- Weights relative to the best one, in units of 2^-50, so that their sum is exact.
summed as (

    select
        request_id,
        max(case when place = 1 then person_id end) as person_id,
        max(best_weight) as best_weight,
        max(case when place = 2 then match_weight end) as second_weight,
        max(index_persons) as index_persons,
        max(missed_share) as missed_share,
        max(twin_share) as twin_share,
        bool_or(has_names) as has_names,
        count(*) as scored_count,
        count(case when may_be_exact then 1 end) as exact_count,
        bool_or(place = 1 and is_exact and gender_level = 'same') as best_is_exact,
        bool_or(place = 1 and is_confirmed) as is_confirmed,
        bool_or(place = 1 and is_sensitive) as is_sensitive,
        bool_or(place = 1 and given_name_level = 'missing') as best_is_nameless,
        bool_or(place = 1 and given_name_level in ('other', 'exchanged')) as best_is_other_name,
        bool_or(place = 1 and nhs_number_level in ('near', 'same')) as best_has_near_number,
        -- Somebody's number beside another given name and birth: a household member's.
        bool_or(
            place = 1
            and nhs_number_level = 'same'
            and given_name_level = 'other'
            and date_of_birth_level <> 'exact'
        ) as best_is_a_member,
        -- In bits, what given name, gender and number say against a twin where birth and family
        -- agree; null for all other candidates.
        max(case
            when
                place = 1
                and given_name_level <> 'missing'
                and date_of_birth_level = 'exact'
                and family_name_level in ('exact', 'similar')
                then given_name_weight + gender_weight + nhs_number_weight
        end) as weight_against_a_twin,
        sum(cast(power(2, 50 + greatest(match_weight - best_weight, -50)) as bigint))
        / power(2, 50) as candidates_mass
    from ordered
    group by 1

),

-- Without names the best candidate may be the client's twin, where the index has not heard of the
-- twins' last move together: somebody of the same birth, sex and family name who is still at an
-- address that was the candidate's too.
best_without_names as (

    select
        summed.request_id,
        summed.person_id,
        variants.date_of_birth,
        variants.gender,
        variants.family_name_id,
        variants.postcode_id
    from summed
    inner join variants
        on summed.person_id = variants.person_id
    where summed.best_is_nameless and not summed.is_confirmed

),

twins_elsewhere as (

    select distinct best_without_names.request_id
    from best_without_names
    inner join others
        on
            best_without_names.postcode_id = others.postcode_id
            and best_without_names.date_of_birth = others.date_of_birth
            and best_without_names.family_name_id = others.family_name_id
    where
        best_without_names.person_id <> others.person_id
        and coalesce(others.gender = best_without_names.gender, true)
        and others.valid_to = date '9999-12-31'

),

-- The weight of "none of these": absent from the index, or in it but reached by no block.
with_absence as (

    select
        summed.*,
        twins_elsewhere.request_id is not null as best_has_a_twin,
        policy.minimum_margin,
        policy.minimum_probability_of_a_tie,
        policy.minimum_probability_of_no_twin,
        policy.refuses_members,
        case
            when summed.has_names then policy.minimum_probability_named
            else policy.minimum_probability_nameless
        end as minimum_probability,
        round(log2(
            summed.index_persons
            * (
                policy.absent_share / (1 - policy.absent_share)
                + summed.missed_share
            )
        ), 4) as absent_weight,
        -- The client is the candidate's twin whom the index lacks, against: is the candidate.
        policy.absent_share / (1 - policy.absent_share) * summed.twin_share
        / power(2, summed.weight_against_a_twin) as twin_odds
    from summed
    cross join policy
    left join twins_elsewhere
        on summed.request_id = twins_elsewhere.request_id

),

probable as (

    select
        *,
        power(2, least(absent_weight - best_weight, 1000)) as absent_mass,
        best_weight - greatest(coalesce(second_weight, absent_weight), absent_weight)
            as match_margin
    from with_absence

),

decided as (

    select
        *,
        round(1 / (candidates_mass + absent_mass + coalesce(twin_odds, 0)), 9) as match_probability,
        round(
            candidates_mass / (candidates_mass + absent_mass + coalesce(twin_odds, 0)), 9
        ) as candidates_probability,
        -- Two of the same birth, sex and postcode, and no name or number to tell them apart.
        best_is_nameless
        and not best_has_near_number
        and (best_has_a_twin or (exact_count > 1 and best_is_exact))
            as is_indistinct
    from probable

)

select
    ---------- identifiers
    request_id,
    person_id,

    ---------- decision
    case
        when is_confirmed then 'confirmed'
        when is_indistinct then 'multiple'
        when best_is_a_member and refuses_members then 'not_found'
        when 1 / (1 + twin_odds) < minimum_probability_of_no_twin then 'not_found'
        when match_probability >= minimum_probability and match_margin >= minimum_margin
            then 'linked'
        when
            candidates_probability >= minimum_probability_of_a_tie
            and best_weight - second_weight < minimum_margin
            then 'multiple'
        else 'not_found'
    end as decision,
    best_is_exact and exact_count = 1 and not best_is_other_name as is_exact_and_unique,
    is_sensitive,

    ---------- how sure
    best_weight as match_weight,
    match_probability,
    match_margin,
    candidates_probability,
    scored_count
from decided
