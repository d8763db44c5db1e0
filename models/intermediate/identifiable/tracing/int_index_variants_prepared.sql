-- One row per current person, postcode ever held and name ever held, in numbers only: all that the
-- trace joins on stands in one narrow table, so that each join is one scan of it.
{{ config(materialized=kept_while_unchanged()) }}

with

persons as (

    select * from {{ ref('int_index_persons_prepared') }}

),

addresses as (

    select * from {{ ref('int_index_addresses_prepared') }}

),

index_names as (

    select * from {{ ref('int_index_names_prepared') }}

),

postcodes as (

    select * from {{ ref('int_index_postcodes_counted') }}

),

value_counts as (

    select * from {{ ref('int_index_values_counted') }}

),

given_names as (

    select
        field_value,
        value_id,
        sounds_like
    from value_counts
    where field = 'given_name'

),

family_names as (

    select
        field_value,
        value_id,
        sounds_like
    from value_counts
    where field = 'family_name'

),

practices as (

    select
        field_value,
        value_id
    from value_counts
    where field = 'gp_practice'

),

places as (

    select
        addresses.person_id,
        postcodes.postcode_id,
        postcodes.sector_id,
        postcodes.district_id,
        postcodes.inward_id,
        addresses.valid_from,
        addresses.valid_to
    from addresses
    inner join postcodes
        on addresses.postcode = postcodes.postcode

),

named as (

    select
        index_names.person_id,
        given_names.value_id as given_name_id,
        given_names.sounds_like as given_sounds_like,
        family_names.value_id as family_name_id,
        family_names.sounds_like as family_sounds_like
    from index_names
    left join given_names
        on index_names.given_name = given_names.field_value
    left join family_names
        on index_names.family_name = family_names.field_value

)

select
    ---------- identifiers
    persons.person_id,
    persons.date_of_birth,
    places.postcode_id,
    places.sector_id,
    places.district_id,
    places.inward_id,
    named.given_name_id,
    named.given_sounds_like,
    named.family_name_id,
    named.family_sounds_like,

    ---------- attributes
    cast(persons.gender as tinyint) as gender,
    practices.value_id as practice_id,
    persons.is_sensitive,
    persons.has_placeholder_birth,
    {{ birth_parts('persons.date_of_birth') }},

    ---------- dates
    places.valid_from,
    places.valid_to,
    persons.date_of_death
from persons
left join places
    on persons.person_id = places.person_id
left join named
    on persons.person_id = named.person_id
left join practices
    on persons.gp_practice_code = practices.field_value
