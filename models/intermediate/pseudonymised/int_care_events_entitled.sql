-- One row per agreement and care event that its recipient may know of: the council's own, or those
-- of a CCG's residents and registered patients at the time of the event.
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
        agreements.knows,
        entitlements.product,
        events.person_token,
        events.la_code,
        events.client_type,
        events.event_type,
        events.primary_support_reason,
        events.service_type,
        events.service_component,
        events.delivery_mechanism,
        events.request_route_of_access,
        events.assessment_type,
        events.event_outcome,
        events.event_start_date,
        events.event_end_date,
        events.lsoa11,
        events.resident_ccg_code,
        events.registered_ccg_code,
        events.unit_cost,
        events.cost_frequency_unit_type,
        events.planned_units_per_week
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
