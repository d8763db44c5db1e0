with

events as (

    select * from {{ ref('int_events_deduplicated') }}

),

tokens as (

    select * from {{ ref('int_tokens_assigned') }}

),

postcodes as (

    select * from {{ ref('stg_reference__postcodes') }}

),

practices as (

    select * from {{ ref('stg_reference__gp_practices') }}

),

organisations as (

    select * from {{ ref('int_organisations_succeeded') }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

accommodation as (

    select
        release_2_value,
        min(group_value) as accommodation_group
    from {{ ref('specification_codes') }}
    where code_list = 'accommodation_status'
    group by 1

),

funding as (

    select * from {{ ref('funding_statuses') }}

),

pseudonymised as (

    select
        ---------- who
        tokens.person_token,
        events.sender_la_code as la_code,

        ---------- what
        events.client_type,
        coalesce(age_bands.adult_band, 'Unknown') as age_band_at_start,
        age_bands.waiting_band as waiting_band_at_start,
        coalesce(events.dementia = 'Yes', false) as has_dementia,
        coalesce(accommodation.accommodation_group, 'Unknown') as accommodation_group,
        events.event_type,
        events.primary_support_reason,
        events.service_type,
        events.service_component,
        events.delivery_mechanism,
        events.request_route_of_access,
        events.assessment_type,
        events.event_outcome,

        ---------- when
        events.derived_event_start_date as event_start_date,
        events.derived_event_end_date as event_end_date,

        ---------- where, as at the event
        postcodes.lsoa11,
        resident_ccg.current_code as resident_ccg_code,
        coalesce(registered_ccg.current_code, practices.ccg_code) as registered_ccg_code,

        ---------- money
        events.unit_cost,
        events.cost_frequency_unit_type,
        events.planned_units_per_week,
        coalesce(funding.is_council_cost, true) as is_council_cost
    from events
    inner join tokens
        on
            events.sender_la_code = tokens.la_code
            and events.la_person_unique_identifier = tokens.la_person_unique_identifier
    left join postcodes
        on {{ postcode_normalised('events.postcode') }} = postcodes.postcode
    {{ ccgs_joined('postcodes', 'upper(trim(events.gp_practice_code))') }}
    left join age_bands
        on {{ age_on('events.date_of_birth', 'events.derived_event_start_date') }} = age_bands.age
    left join accommodation
        on events.accommodation_status = accommodation.release_2_value
    left join funding
        on events.client_funding_status = funding.client_funding_status
    where events.is_in_products

)

select * from pseudonymised
