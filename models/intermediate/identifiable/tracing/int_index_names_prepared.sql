-- One row per person and name ever held.
with

persons as (

    select * from {{ ref('int_index_persons_prepared') }}

),

names as (

    select * from {{ ref('stg_person_index__names') }}

),

numbers as (

    select * from {{ ref('int_index_numbers_resolved') }}

),

all_names as (

    select
        nhs_number,
        given_name,
        family_name
    from persons

    union

    select
        numbers.current_nhs_number as nhs_number,
        names.given_name,
        names.family_name
    from names
    inner join numbers
        on names.nhs_number = numbers.nhs_number

)

select
    nhs_number,
    given_name,
    family_name
from all_names
where given_name is not null or family_name is not null
