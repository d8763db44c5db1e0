-- Stays in the identifiable zone: a full postcode never crosses the wall.
{{ config(database='identifiable', group='identifiable', access='private') }}

with

source as (

    select * from {{ source('reference', 'postcode') }}

),

renamed as (

    select
        {{ postcode_normalised('pcds') }} as postcode,
        nullif(trim(oslaua), '') as local_authority_ons_code,
        nullif(trim(lsoa11), '') as lsoa11,
        nullif(trim(msoa11), '') as msoa11,
        nullif(trim(ccg), '') as ccg_ons_code,
        nullif(trim(doterm), '') as terminated_month
    from source

)

select * from renamed
