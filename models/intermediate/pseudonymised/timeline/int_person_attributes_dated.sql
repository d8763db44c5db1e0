-- One row per council, person, attribute, value and stretch of time in which it holds. Cohorts
-- and segments are rules over these, so that a new one needs no SQL.
with

persons as (

    select * from {{ ref('int_persons_pseudonymised') }}

),

spells as (

    select * from {{ ref('int_care_spells_stitched') }}

),

services as (

    select * from {{ ref('int_services_dated') }}

),

events as (

    select * from {{ ref('int_care_events_pseudonymised') }}

),

activities as (

    select * from {{ ref('int_health_activity_pseudonymised') }}

),

stays as (

    select * from {{ ref('int_health_spells_joined') }}

),

months as (

    select * from {{ ref('int_person_months_observed') }}

),

diagnosis_groups as (

    select * from {{ ref('diagnosis_groups') }}

),

frailty_weights as (

    select * from {{ ref('frailty_weights') }}

),

frailty_bands as (

    select * from {{ ref('frailty_bands') }}

),

policy as (

    select
        {{ policy_value('high_use_months', 'integer') }} as high_use_months,
        {{ policy_value('high_use_contacts', 'integer') }} as high_use_contacts,
        {{ policy_value('newly_discharged_days', 'integer') }} as newly_discharged_days,
        {{ policy_value('frailty_months', 'integer') }} as frailty_months
    from {{ ref('timeline_policy') }}

),

{{ periods_of_councils('periods') }},

-- Read twice below, so that it is made once: left to the planner, all activity is compared with the
-- periods of all councils before it is known whose it is.
diagnoses as (

    select
        persons.la_code,
        persons.person_token,
        activities.primary_diagnosis,
        activities.activity_date
    from persons
    inner join activities
        on persons.person_token = activities.person_token
    where activities.primary_diagnosis is not null

),

diagnosed as (

    select
        la_code,
        person_token,
        primary_diagnosis,
        min(activity_date) as first_day
    from diagnoses
    group by 1, 2, 3

),

---------- each code of the frailty score counts once

frailty_codes as (

    select distinct
        diagnoses.la_code,
        diagnoses.person_token,
        periods.last_day,
        frailty_weights.diagnosis_prefix,
        frailty_weights.weight
    from diagnoses
    cross join policy
    inner join periods
        on
            diagnoses.la_code = periods.la_code
            and diagnoses.activity_date <= periods.last_day
            and diagnoses.activity_date
            > {{ months_added('periods.last_day', '-policy.frailty_months') }}
    inner join frailty_weights
        on substr(diagnoses.primary_diagnosis, 1, 3) = frailty_weights.diagnosis_prefix

),

frailty_scores as (

    select
        la_code,
        person_token,
        last_day,
        sum(weight) as score
    from frailty_codes
    group by 1, 2, 3

),

---------- contacts of the last months, at the end of each

recent_contacts as (

    select
        months.la_code,
        months.person_token,
        months.month_start,
        months.last_day
    from months
    cross join policy
    inner join activities
        on
            months.person_token = activities.person_token
            and activities.activity_type in ('emergency_admission', 'emergency_attendance')
            and months.last_day >= activities.activity_date
            and activities.activity_date
            > {{ months_added('months.last_day', '-policy.high_use_months') }}
    where months.is_traced
    group by 1, 2, 3, 4
    having count(*) >= max(policy.high_use_contacts)

),

listed as (

    select
        la_code,
        person_token,
        'everyone' as attribute,
        'everyone' as value,
        date '0001-01-01' as valid_from,
        cast(null as date) as valid_to
    from persons
    union all
    select
        la_code,
        person_token,
        'link' as attribute,
        case when person_token_type = 'nhs_number' then 'linked' else 'not_linked' end as value,
        date '0001-01-01' as valid_from,
        cast(null as date) as valid_to
    from persons
    union all
    select
        la_code,
        person_token,
        'support' as attribute,
        support as value,
        start_date as valid_from,
        end_date as valid_to
    from spells
    union all
    select
        la_code,
        person_token,
        'component' as attribute,
        service_component as value,
        start_date as valid_from,
        end_date as valid_to
    from services
    where service_component is not null
    union all
    select
        la_code,
        person_token,
        'delivery' as attribute,
        delivery_mechanism as value,
        start_date as valid_from,
        end_date as valid_to
    from services
    where
        delivery_mechanism is not null
        and is_long_term
    union all
    select
        la_code,
        person_token,
        'reason' as attribute,
        primary_support_reason as value,
        min(event_start_date) as valid_from,
        cast(null as date) as valid_to
    from events
    where primary_support_reason is not null
    group by 1, 2, 4
    union all
    select
        la_code,
        person_token,
        'condition' as attribute,
        'dementia' as value,
        min(event_start_date) as valid_from,
        cast(null as date) as valid_to
    from events
    where has_dementia
    group by 1, 2
    union all
    select
        diagnosed.la_code,
        diagnosed.person_token,
        'condition' as attribute,
        diagnosis_groups.condition as value,
        min(diagnosed.first_day) as valid_from,
        cast(null as date) as valid_to
    from diagnosed
    inner join diagnosis_groups
        on
            substr(diagnosed.primary_diagnosis, 1, length(diagnosis_groups.diagnosis_prefix))
            = diagnosis_groups.diagnosis_prefix
    group by 1, 2, 4
    union all
    select
        frailty_scores.la_code,
        frailty_scores.person_token,
        'frailty' as attribute,
        frailty_bands.frailty_band as value,
        frailty_scores.last_day as valid_from,
        cast(null as date) as valid_to
    from frailty_scores
    inner join frailty_bands
        on
            frailty_scores.score >= frailty_bands.score_from
            and frailty_scores.score < frailty_bands.score_to
    union all
    select
        la_code,
        person_token,
        'emergency_use' as attribute,
        'high' as value,
        month_start as valid_from,
        last_day as valid_to
    from recent_contacts
    union all
    select
        persons.la_code,
        persons.person_token,
        'discharge' as attribute,
        'recent' as value,
        stays.discharge_date as valid_from,
        {{ days_added('stays.discharge_date', 'policy.newly_discharged_days') }} as valid_to
    from persons
    cross join policy
    inner join stays
        on persons.person_token = stays.person_token
    where
        stays.discharge_date is not null
        and coalesce(stays.discharge_method, '') not in ('4', '5')

)

select * from listed
