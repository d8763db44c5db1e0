-- One row per agreement and care event that its recipient may know of: the council's own, or a CCG's
-- residents and registered patients at the time of the event.
with

events as (

    select * from {{ ref('int_care_events_pseudonymised') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

entitlements as (

    select * from {{ ref('entitlements') }}

),

entitled as (

    select
        agreements.agreement_reference,
        agreements.recipient_type,
        entitlements.product,
        events.*
    from events
    inner join entitlements
        on
            events.la_code = entitlements.la_code
            and entitlements.allowed
    inner join agreements
        on entitlements.agreement_reference = agreements.agreement_reference
    where {{ lies_in_geography('agreements', 'events') }}

)

select * from entitled
