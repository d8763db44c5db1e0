-- One row per postcode of the index, with the sector and district it lies in and how many persons
-- ever lived in each.
{{ config(materialized=kept_while_unchanged()) }}

with

addresses as (

    select * from {{ ref('int_index_addresses_prepared') }}

),

per_postcode as (

    select
        postcode,
        left(postcode, length(postcode) - 4) as district,
        left(postcode, length(postcode) - 2) as sector,
        right(postcode, 3) as inward_code,
        count(*) as persons
    from addresses
    group by 1, 2, 3, 4

)

select
    postcode,
    sector,
    district,
    inward_code,
    cast(dense_rank() over (order by postcode) as integer) as postcode_id,
    cast(dense_rank() over (order by sector) as integer) as sector_id,
    cast(dense_rank() over (order by district) as integer) as district_id,
    cast(dense_rank() over (order by inward_code) as integer) as inward_id,
    persons,
    cast(sum(persons) over (partition by sector) as bigint) as sector_persons,
    cast(sum(persons) over (partition by district) as bigint) as district_persons
from per_postcode
