with

source as (

    select * from {{ source('health', 'emergency_care') }}

),

renamed as (

    select
        ---------- identifiers
        nullif(trim(nhs_number), '') as nhs_number,
        nullif(trim(attendance_id), '') as attendance_id,
        upper(nullif(trim(provider_code), '')) as provider_code,

        ---------- dates
        try_cast(arrival_at as timestamp) as arrival_at,
        try_cast(departure_at as timestamp) as departure_at,

        ---------- codes
        nullif(trim(department_type), '') as department_type,
        nullif(trim(arrival_mode), '') as arrival_mode,
        nullif(trim(discharge_destination), '') as discharge_destination,
        upper(nullif(trim(primary_diagnosis), '')) as primary_diagnosis,

        ---------- area
        upper(nullif(trim(gp_practice_code), '')) as gp_practice_code,
        upper(nullif(trim(lsoa11), '')) as lsoa11,

        ---------- money
        try_cast(tariff_cost as decimal(18, 2)) as tariff_cost
    from source

)

select * from renamed
