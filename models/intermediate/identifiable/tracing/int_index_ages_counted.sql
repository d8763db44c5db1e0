-- One row per postcode and decade of birth: how many persons of that age ever lived there. In a
-- care home many are of one age, so that a date of birth agrees by chance more often.
{{ config(materialized=kept_while_unchanged()) }}

with

persons as (

    select * from {{ ref('int_index_persons_prepared') }}

),

addresses as (

    select * from {{ ref('int_index_addresses_prepared') }}

)

select
    addresses.postcode,
    cast(floor(extract(year from persons.date_of_birth) / 10) as integer) as decade_of_birth,
    count(*) as persons
from addresses
inner join persons
    on addresses.person_id = persons.person_id
where persons.date_of_birth is not null
group by 1, 2
