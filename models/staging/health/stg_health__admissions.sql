with

source as (

    select * from {{ source('health', 'admitted_patient_care') }}

),

renamed as (

    select
        ---------- identifiers
        nullif(trim(nhs_number), '') as nhs_number,
        nullif(trim(spell_id), '') as spell_id,
        upper(nullif(trim(provider_code), '')) as provider_code,

        ---------- dates
        try_cast(admission_date as date) as admission_date,
        try_cast(discharge_date as date) as discharge_date,

        ---------- codes
        upper(nullif(trim(admission_method), '')) as admission_method,
        nullif(trim(discharge_method), '') as discharge_method,
        nullif(trim(discharge_destination), '') as discharge_destination,
        nullif(trim(treatment_function_code), '') as treatment_function_code,
        upper(nullif(trim(primary_diagnosis), '')) as primary_diagnosis,
        upper(nullif(trim(hrg_code), '')) as hrg_code,

        ---------- area
        upper(nullif(trim(gp_practice_code), '')) as gp_practice_code,
        upper(nullif(trim(lsoa11), '')) as lsoa11,

        ---------- money
        try_cast(tariff_cost as decimal(18, 2)) as tariff_cost
    from source

)

select * from renamed
