with

source as (

    select * from {{ source('person_index', 'address') }}

),

renamed as (

    select
        ---------- identifiers
        nullif(trim(nhs_number), '') as nhs_number,
        {{ postcode_normalised('postcode') }} as postcode,

        ---------- dates
        try_cast(valid_from as date) as valid_from,
        try_cast(valid_to as date) as valid_to
    from source

)

select * from renamed
