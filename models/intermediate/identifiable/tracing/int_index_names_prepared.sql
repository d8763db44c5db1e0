-- One row per current person and name ever held.
{{ config(materialized=kept_while_unchanged()) }}

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

former_names as (

    select distinct
        try_cast(coalesce(numbers.current_nhs_number, names.nhs_number) as bigint) as person_id,
        {{ first_word(name_cleaned('names.given_name')) }} as given_name,
        {{ name_cleaned('names.family_name') }} as family_name
    from names
    left join numbers
        on names.nhs_number = numbers.nhs_number

),

-- The name of the person record comes first: only what differs from it is a row of its own.
all_names as (

    select
        person_id,
        given_name,
        family_name
    from persons

    union all

    select
        former_names.person_id,
        coalesce(former_names.given_name, persons.given_name) as given_name,
        coalesce(former_names.family_name, persons.family_name) as family_name
    from former_names
    inner join persons
        on former_names.person_id = persons.person_id
    where
        coalesce(former_names.given_name, persons.given_name)
        is distinct from persons.given_name
        or coalesce(former_names.family_name, persons.family_name)
        is distinct from persons.family_name

)

select distinct
    person_id,
    given_name,
    family_name
from all_names
where given_name is not null or family_name is not null
