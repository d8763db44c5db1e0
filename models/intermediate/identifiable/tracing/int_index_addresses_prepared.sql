-- One row per current person and postcode ever held. The postcode of the person record is the
-- current address; an address under a superseded number is one of the person behind it.
{{ config(materialized=kept_while_unchanged()) }}

with

persons as (

    select * from {{ ref('int_index_persons_prepared') }}

),

addresses as (

    select * from {{ ref('stg_person_index__addresses') }}

),

numbers as (

    select * from {{ ref('int_index_numbers_resolved') }}

),

all_addresses as (

    select
        try_cast(coalesce(numbers.current_nhs_number, addresses.nhs_number) as bigint)
            as person_id,
        addresses.postcode,
        coalesce(addresses.valid_from, date '0001-01-01') as valid_from,
        coalesce(addresses.valid_to, date '9999-12-31') as valid_to
    from addresses
    left join numbers
        on addresses.nhs_number = numbers.nhs_number

    union all

    select
        person_id,
        postcode,
        null as valid_from,
        date '9999-12-31' as valid_to
    from persons

),

per_postcode as (

    select
        person_id,
        postcode,
        coalesce(min(valid_from), date '0001-01-01') as valid_from,
        max(valid_to) as valid_to
    from all_addresses
    where postcode is not null
    group by 1, 2

)

select per_postcode.*
from per_postcode
inner join persons
    on per_postcode.person_id = persons.person_id
