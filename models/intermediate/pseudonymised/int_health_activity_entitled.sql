-- One row per agreement and hospital activity of a person in it, inside the months that the
-- council's submissions cover, and for a CCG inside its geography at the time of the activity.
with

activities as (

    select * from {{ ref('int_health_activity_pseudonymised') }}

),

persons as (

    select * from {{ ref('int_persons_entitled') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

entitlements as (

    select * from {{ ref('entitlements') }}

),

covered as (

    select * from {{ ref('int_periods_covered') }}

),

entitled as (

    select
        persons.agreement_reference,
        persons.recipient_type,
        persons.knows,
        activities.person_token,
        activities.activity_type,
        activities.primary_diagnosis,
        activities.discharge_method,
        activities.activity_date,
        activities.end_date,
        activities.lsoa11,
        activities.resident_ccg_code,
        activities.registered_ccg_code,
        activities.tariff_cost
    from activities
    inner join persons
        on activities.person_token = persons.person_token
    inner join agreements
        on persons.agreement_reference = agreements.agreement_reference
    inner join entitlements
        on
            persons.agreement_reference = entitlements.agreement_reference
            and persons.la_code = entitlements.la_code
            and entitlements.product = 'linked_health_activity'
            and entitlements.allowed
    inner join covered
        on
            persons.la_code = covered.la_code
            and {{ month_of('activities.activity_date') }} = {{ month_of('covered.month_start') }}
    where {{ lies_in_geography('agreements', 'activities') }}

)

select * from entitled
