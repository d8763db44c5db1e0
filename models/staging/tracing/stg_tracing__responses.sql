with

source as (

    select * from {{ source('tracing', 'trace_responses') }}

),

renamed as (

    select
        ---------- identifiers
        split_part(unique_reference, '~', 1) as la_code,
        substr(unique_reference, length(split_part(unique_reference, '~', 1)) + 2)
            as la_person_unique_identifier,
        nullif(trim(matched_nhs_no), '') as matched_nhs_number,

        ---------- outcome
        trim(error_success_code) as response_code,
        try_cast(matched_algorithm_indicator as integer) as algorithm_indicator,
        try_cast(matched_confidence_percentage as decimal(5, 2)) as confidence_percentage
    from source

)

select * from renamed
