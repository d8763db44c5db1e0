-- What a recipient must know to read its file: how many could be linked, what was left out and how
-- far attributes were generalised. Counts obey the same small-number rule as everything else.
with

persons as (

    select * from {{ ref('int_persons_entitled') }}
    where not is_held

),

placed as (

    select * from {{ ref('int_persons_placed') }}

),

limits as (

    select * from {{ ref('int_disclosure_limits_pivoted') }}

),

by_age as (

    select
        agreement_reference,
        recipient_type,
        age_band_ten as subject,
        count(*) as persons,
        count(*) filter (where person_token_type = 'nhs_number') as linked
    from persons
    group by 1, 2, 3

    union all

    select
        agreement_reference,
        recipient_type,
        area_small as subject,
        count(*) as persons,
        count(*) filter (where person_token_type = 'nhs_number') as linked
    from persons
    group by 1, 2, 3

    union all

    select
        agreement_reference,
        recipient_type,
        'Total' as subject,
        count(*) as persons,
        count(*) filter (where person_token_type = 'nhs_number') as linked
    from persons
    group by 1, 2, 3

),

-- A share is made of protected counts only, so that it says no more than they do.
link_rates as (

    select
        by_age.agreement_reference,
        'link rate' as note_type,
        by_age.subject,
        'linked persons in 100' as measure,
        case
            when
                by_age.linked >= limits.small_number_threshold
                and by_age.persons - by_age.linked >= limits.small_number_threshold
                then cast(
                    round({{ quotient(
                        '100.0 * ' ~ protected_count('by_age.linked', 'limits'),
                        protected_count('by_age.persons', 'limits')
                    ) }}) as string
                )
            else '*'
        end as value,
        'Persons without a traced NHS number: their use of health care is unknown, not zero.'
            as note
    from by_age
    inner join limits
        on by_age.recipient_type = limits.recipient_type

),

outcomes as (

    select
        persons.agreement_reference,
        persons.recipient_type,
        case
            when placed.person_token is null then 'new and waiting for a group large enough'
            when not placed.is_shown then 'shown before, now hidden with their whole group'
            else 'detail level ' || cast(placed.known_level as string)
        end as subject,
        count(*) as persons
    from persons
    left join placed
        on
            persons.agreement_reference = placed.agreement_reference
            and persons.person_token = placed.person_token
    group by 1, 2, 3

    union all

    select
        held.agreement_reference,
        held.recipient_type,
        'left the data and kept until a group large enough may go' as subject,
        count(*) as persons
    from {{ ref('int_persons_entitled') }} as held
    inner join placed
        on
            held.agreement_reference = placed.agreement_reference
            and held.person_token = placed.person_token
    where
        held.is_held
        and placed.is_shown
    group by 1, 2, 3

),

suppression as (

    select
        outcomes.agreement_reference,
        'disclosure control' as note_type,
        outcomes.subject,
        'persons' as measure,
        coalesce(
            cast(
                {{ protected_count('outcomes.persons', 'limits') }}
                as string
            ),
            '*'
        ) as value,
        'Detail of what the recipient knows already: 0 quarters, 1 years, 2 kinds only,'
        || ' 3 setting or number of emergencies only, 4 withheld.'
            as note
    from outcomes
    inner join limits
        on outcomes.recipient_type = limits.recipient_type

),

utility as (

    select
        agreement_reference,
        'utility' as note_type,
        figure as subject,
        'figure' as measure,
        value,
        note
    from {{ ref('release_utility') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

effects as (

    select * from {{ ref('int_intervention_effects_shown') }}

),

effect_notes as (

    select
        agreement_reference,
        intervention,
        'effect' as measure,
        cast(cast(effect as decimal(9, 2)) as string)
        || ' (' || cast(cast(effect_low as decimal(9, 2)) as string)
        || ' to ' || cast(cast(effect_high as decimal(9, 2)) as string)
        || ')' as value,
        'Change of emergency contacts a person-month beyond the comparison group; 95 % interval.'
            as note
    from effects
    union all
    select
        agreement_reference,
        intervention,
        'balance before' as measure,
        cast(cast(balance_of_prior_use as decimal(9, 2)) as string) as value,
        'Difference of emergency contacts before the start, in standard deviations.' as note
    from effects
    union all
    select
        agreement_reference,
        intervention,
        'matched in 100' as measure,
        cast(matched_percent as string) as value,
        'Starts that found comparison persons, to the nearest 5.' as note
    from effects

),

notes as (

    select * from link_rates
    union all
    select * from suppression
    union all
    select * from utility
    union all
    select
        agreement_reference,
        'intervention effect' as note_type,
        intervention as subject,
        measure,
        coalesce(value, '*') as value,
        note
    from effect_notes
    union all
    select
        agreements.agreement_reference,
        'rounding' as note_type,
        'counts' as subject,
        'rule' as measure,
        'below ' || cast(limits.small_number_threshold as string)
        || ' hidden, others to the nearest ' || cast(limits.rounding_base as string) as value,
        'Nought is shown, but no share of nobody, of everybody or of nearly so. Totals are rounded'
        || ' by the same rule: parts do not add to totals.' as note
    from agreements
    inner join limits
        on agreements.recipient_type = limits.recipient_type
    union all
    select
        agreement_reference,
        'known gap' as note_type,
        'tracing' as subject,
        'rule' as measure,
        'abstains when unsure' as value,
        'A number is confirmed, found exactly or by weight; a near tie stays unlinked.' as note
    from agreements

)

select
    cast(agreement_reference as string) as agreement_reference,
    cast(note_type as string) as note_type,
    cast(subject as string) as subject,
    cast(measure as string) as measure,
    cast(value as string) as value,
    cast(note as string) as note
from notes
