{{ config(materialized='table') }}

with

source as (

    select * from {{ source('reference', 'population') }}

),

renamed as (

    select
        nullif(trim(lsoa11), '') as lsoa11,
        nullif(trim(age_band), '') as age_band,
        nullif(trim(sex), '') as sex,
        try_cast(year as integer) as year,
        try_cast(population as integer) as population
    from source

)

select * from renamed
