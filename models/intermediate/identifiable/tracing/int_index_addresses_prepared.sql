-- One row per person and postcode ever held, with date of birth and gender copied in, so that a
-- trace is one equi-join. The postcode of the person record is the current address.
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
        numbers.current_nhs_number as nhs_number,
        addresses.postcode,
        addresses.valid_from,
        addresses.valid_to,
        addresses.valid_to is null as is_current
    from addresses
    inner join numbers
        on addresses.nhs_number = numbers.nhs_number

    union all

    select
        nhs_number,
        postcode,
        null as valid_from,
        null as valid_to,
        true as is_current
    from persons

),

per_postcode as (

    select
        persons.nhs_number,
        all_addresses.postcode,
        persons.date_of_birth,
        persons.gender,
        bool_or(all_addresses.is_current) as is_current,
        min(coalesce(all_addresses.valid_from, date '0001-01-01')) as valid_from,
        max(coalesce(all_addresses.valid_to, date '9999-12-31')) as valid_to
    from all_addresses
    inner join persons
        on all_addresses.nhs_number = persons.nhs_number
    where all_addresses.postcode is not null
    group by 1, 2, 3, 4

)

select * from per_postcode
