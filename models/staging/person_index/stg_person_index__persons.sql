with

source as (

    select * from {{ source('person_index', 'person') }}

),

renamed as (

    select
        ---------- identifiers
        nullif(trim(nhs_number), '') as nhs_number,
        nullif(trim(superseded_by_nhs_number), '') as superseded_by_nhs_number,
        upper(nullif(trim(given_name), '')) as given_name,
        upper(nullif(trim(family_name), '')) as family_name,
        {{ postcode_normalised('postcode') }} as postcode,

        ---------- attributes
        nullif(trim(gender), '') as gender,
        upper(nullif(trim(gp_practice_code), '')) as gp_practice_code,
        upper(nullif(trim(confidentiality_code), '')) as confidentiality_code,

        ---------- dates
        try_cast(date_of_birth as date) as date_of_birth,
        try_cast(date_of_death as date) as date_of_death
    from source

)

select * from renamed
