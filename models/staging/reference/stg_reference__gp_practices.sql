{{ config(materialized='table') }}

with

source as (

    select * from {{ source('reference', 'gp_practice') }}

),

renamed as (

    select
        upper(trim(column_01)) as gp_practice_code,
        upper(nullif(trim(column_15), '')) as ccg_code
    from source
    where nullif(trim(column_01), '') is not null

)

select * from renamed
