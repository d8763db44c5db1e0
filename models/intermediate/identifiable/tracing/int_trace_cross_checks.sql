-- One row per supplied number that the index knows: how far the record behind it agrees, and
-- whether a rule of the seed confirms it. A valid number is not a verified one.
with

supplied as (

    select * from {{ ref('int_trace_numbers_supplied') }}

),

requests as (

    select * from {{ ref('int_trace_requests') }}

),

numbers as (

    select * from {{ ref('int_index_numbers_resolved') }}

),

persons as (

    select * from {{ ref('int_index_persons_prepared') }}

),

addresses as (

    select * from {{ ref('int_index_addresses_prepared') }}

),

index_names as (

    select * from {{ ref('int_index_names_prepared') }}

),

rules as (

    select * from {{ ref('trace_cross_check_rules') }}

),

pairs as (

    select
        requests.la_code,
        requests.la_person_unique_identifier,
        supplied.nhs_number as supplied_nhs_number,
        persons.nhs_number,
        numbers.is_superseded,
        persons.is_sensitive,
        requests.given_name,
        requests.family_name,
        {{ date_of_birth_level('requests.date_of_birth', 'persons.date_of_birth') }}
            as date_of_birth_level,
        case
            when requests.gender is null or coalesce(persons.gender, '0') in ('0', '9')
                then 'unknown'
            when requests.gender = persons.gender then 'agree'
            else 'conflict'
        end as gender_level,
        case
            when addresses.postcode is not null then 'postcode'
            when requests.gp_practice_code = persons.gp_practice_code then 'practice'
            else 'none'
        end as place_level
    from supplied
    inner join requests
        on
            supplied.la_code = requests.la_code
            and supplied.la_person_unique_identifier = requests.la_person_unique_identifier
    inner join numbers
        on supplied.nhs_number = numbers.nhs_number
    inner join persons
        on numbers.current_nhs_number = persons.nhs_number
    left join addresses
        on
            persons.nhs_number = addresses.nhs_number
            and requests.postcode = addresses.postcode

),

-- The best agreement over all names that the person ever had.
names_compared as (

    select
        pairs.la_code,
        pairs.la_person_unique_identifier,
        pairs.supplied_nhs_number,
        max({{ names_agreement('pairs', 'index_names') }}) as agreement
    from pairs
    inner join index_names
        on pairs.nhs_number = index_names.nhs_number
    where
        pairs.given_name is not null
        and pairs.family_name is not null
        and index_names.given_name is not null
        and index_names.family_name is not null
    group by 1, 2, 3

),

levelled as (

    select
        pairs.la_code,
        pairs.la_person_unique_identifier,
        pairs.supplied_nhs_number,
        pairs.nhs_number,
        pairs.is_superseded,
        pairs.is_sensitive,
        pairs.date_of_birth_level,
        case names_compared.agreement
            when 3 then 'agree'
            when 2 then 'given_only'
            when 1 then 'family_only'
            when 0 then 'conflict'
            else 'unknown'
        end as names_level,
        pairs.gender_level,
        pairs.place_level
    from pairs
    left join names_compared
        on
            pairs.la_code = names_compared.la_code
            and pairs.la_person_unique_identifier = names_compared.la_person_unique_identifier
            and pairs.supplied_nhs_number = names_compared.supplied_nhs_number

),

judged as (

    select
        levelled.la_code,
        levelled.la_person_unique_identifier,
        levelled.supplied_nhs_number,
        levelled.nhs_number,
        levelled.is_superseded,
        levelled.is_sensitive,
        levelled.date_of_birth_level,
        levelled.names_level,
        levelled.gender_level,
        levelled.place_level,
        min(rules.rule_id) as rule_id
    from levelled
    left join rules
        on
            levelled.date_of_birth_level = rules.date_of_birth_level
            and rules.names_level in (levelled.names_level, '*')
            and rules.gender_level in (levelled.gender_level, '*')
            and rules.place_level in (levelled.place_level, '*')
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10

)

select * from judged
