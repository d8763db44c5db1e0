{{ config(materialized='table') }}

with

source as (

    select * from {{ source('reference', 'postcode') }}

),

-- An LSOA lies in one local authority and one MSOA; a few lie across CCGs, so the CCG is that of
-- most of its postcodes.
counted as (

    select
        nullif(trim(lsoa11), '') as lsoa11,
        nullif(trim(msoa11), '') as msoa11,
        nullif(trim(oslaua), '') as local_authority_ons_code,
        nullif(trim(ccg), '') as ccg_ons_code,
        count(*) as postcodes
    from source
    where nullif(trim(lsoa11), '') is not null
    group by 1, 2, 3, 4

),

ranked as (

    select
        *,
        row_number() over (
            partition by lsoa11
            order by postcodes desc, msoa11 asc, local_authority_ons_code asc, ccg_ons_code asc
        ) as preference
    from counted

),

chosen as (

    select
        lsoa11,
        msoa11,
        local_authority_ons_code,
        ccg_ons_code
    from ranked
    where preference = 1

)

select * from chosen
