with

source as (

    select * from {{ source('person_index', 'name') }}

),

renamed as (

    select
        ---------- identifiers
        nullif(trim(nhs_number), '') as nhs_number,
        upper(nullif(trim(given_name), '')) as given_name,
        upper(nullif(trim(family_name), '')) as family_name,

        ---------- dates
        try_cast(valid_from as date) as valid_from,
        try_cast(valid_to as date) as valid_to
    from source

)

select * from renamed
