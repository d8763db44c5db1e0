with

source as (

    select * from {{ source('landing', 'submission_rows') }}

),

renamed as (

    select
        ---------- birth certificate
        submission_id,
        row_number,

        ---------- submission information
        la_code,
        reporting_period_start_date,
        reporting_period_end_date,

        ---------- person details
        nhs_number,
        la_person_unique_identifier,
        first_name,
        last_name,
        gp_practice_name,
        gp_practice_code,
        gender,
        ethnicity,
        date_of_birth,
        date_of_death,
        client_type,
        primary_support_reason,
        postcode,
        accommodation_status,
        employment_status,
        has_unpaid_carer,
        autism_spectrum_disorder_asd,
        visual_impairment,
        hearing_impairment,
        dementia,
        client_funding_status,

        ---------- events (all)
        event_type,
        event_reference,
        event_start_date,
        event_end_date,
        event_description,
        event_outcome,

        ---------- events (requests only)
        request_route_of_access,

        ---------- events (assessments only)
        assessment_type,
        eligible_needs_identified,
        method_of_assessment,

        ---------- carers and linked service users
        total_hrs_caring_per_week,
        no_of_adults_being_cared_for,
        adult_1_linked_person_id,
        adult_2_linked_person_id,
        adult_3_linked_person_id,

        ---------- events (services only)
        service_type,
        service_component,
        delivery_mechanism,
        provider_cqc_location_name,
        provider_cqc_location_id,

        ---------- events (reviews only)
        review_reason,
        review_outcomes_achieved,
        method_of_review,

        ---------- costs (services only)
        unit_cost,
        cost_frequency_unit_type,
        planned_units_per_week,

        ---------- what the specification does not know
        other_columns
    from source

)

select * from renamed
