{% set keys = ['intervention', 'group_name', 'month_relative', 'period'] %}
{% set measures = ['persons', 'person_months', 'contacts', 'health_cost', 'care_cost'] %}
{% set sums = [('health_cost', 'has_contacts'), ('care_cost', 'has_persons')] %}
with

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'intervention_panel'

),

periods as (

    select * from {{ ref('int_product_periods') }}
    where product = 'intervention_panel'

),

effects as (

    select * from {{ ref('int_intervention_effects_shown') }}

),

-- Few persons may make up the contacts of many; where nobody or everybody had one, that tells of
-- each. What hospitals charge for them is hidden with them: a contact costs about as much as
-- another.
counted as (

    select
        counted.*,
        counted.persons >= limits.small_number_threshold as has_persons,
        counted.persons >= limits.small_number_threshold
        and (
            counted.contacts_persons = 0
            or (
                counted.contacts_persons >= limits.small_number_threshold
                and counted.contacts >= limits.small_number_threshold
            )
        )
        and not {{ share_tells_of_all(
            'counted.contacts_persons', 'counted.persons - counted.contacts_persons', 'limits'
        ) }} as has_contacts
    from {{ ref('int_intervention_panel_counted') }} as counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

judged as (

    select
        counted.agreement_reference,
        counted.intervention,
        counted.group_name,
        counted.month_relative,
        periods.period,
        {%- for sum, shows in sums %}
        {%- set arguments = (
            'counted.' ~ sum ~ '_pounds', 'counted.' ~ sum ~ '_persons',
            'counted.' ~ sum ~ '_largest', 'limits'
        ) %}
        case when counted.{{ shows }} then {{ protected_sum(*arguments) }} end as {{ sum }},
        case
            when counted.{{ shows }} then {{ protected_sum_status(*arguments) }}
            else 'hidden'
        end as {{ sum }}_status,
        {%- endfor %}
        {{ protected_count('counted.persons', 'limits') }} as persons,
        {{ protected_status('counted.persons', 'limits') }} as persons_status,
        case
            when counted.has_persons then {{ protected_count('counted.person_months', 'limits') }}
        end as person_months,
        case
            when counted.has_persons then {{ protected_status('counted.person_months', 'limits') }}
            else 'hidden'
        end as person_months_status,
        case
            when counted.has_contacts then {{ protected_count('counted.contacts', 'limits') }}
        end as contacts,
        case
            when counted.has_contacts then {{ protected_status('counted.contacts', 'limits') }}
            else 'hidden'
        end as contacts_status
    from counted
    inner join limits
        on counted.recipient_type = limits.recipient_type
    inner join periods
        on counted.agreement_reference = periods.agreement_reference

),

{{ cells_as_published('intervention_panel', keys, measures) }},

rated as (

    select
        shown.*,
        effects.effect,
        effects.effect_low,
        effects.effect_high,
        effects.balance_of_prior_use,
        effects.matched_percent,
        coalesce(effects.effect_status, 'hidden') as effect_status,
        case
            when shown.contacts_status <> 'hidden' and shown.person_months > 0
                then cast(round(1.0 * shown.contacts / shown.person_months, 3) as double)
        end as use_per_person_month,
        case
            when shown.health_cost_status <> 'hidden' and shown.person_months > 0
                then cast(round(1.0 * shown.health_cost / shown.person_months) as bigint)
        end as cost_per_person_month,
        case
            when shown.care_cost_status <> 'hidden' and shown.person_months > 0
                then cast(round(1.0 * shown.care_cost / shown.person_months) as bigint)
        end as care_cost_per_person_month
    from shown
    left join effects
        on
            shown.agreement_reference = effects.agreement_reference
            and shown.intervention = effects.intervention

)

select
    agreement_reference,
    intervention,
    group_name,
    month_relative,
    persons,
    use_per_person_month,
    cost_per_person_month,
    care_cost_per_person_month,
    person_months,
    contacts,
    health_cost,
    care_cost,
    period,
    persons_status,
    case when use_per_person_month is null then 'hidden' else 'rounded' end
        as use_per_person_month_status,
    case when cost_per_person_month is null then 'hidden' else 'rounded' end
        as cost_per_person_month_status,
    case when care_cost_per_person_month is null then 'hidden' else 'rounded' end
        as care_cost_per_person_month_status,
    person_months_status,
    contacts_status,
    health_cost_status,
    care_cost_status,
    effect,
    effect_low,
    effect_high,
    balance_of_prior_use,
    matched_percent,
    effect_status
from rated
