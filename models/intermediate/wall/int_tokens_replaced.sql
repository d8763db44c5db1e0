-- Former tokens of the persons that councils know: of a number that the index has merged into
-- another, and of a client whose number was found. Whoever was shown under one is somebody else to
-- the reader now; the notice in the release says how many, and this table, which stays inside, who.
with

tokens as (

    select * from {{ ref('int_tokens_assigned') }}

),

numbers as (

    select * from {{ ref('int_index_numbers_resolved') }}

),

known_numbers as (

    select distinct
        nhs_number,
        person_token
    from tokens
    where person_token_type = 'nhs_number'

),

replaced as (

    select
        {{ function('person_token') }}(numbers.nhs_number) as former_token,
        known_numbers.person_token,
        'number_merged' as change_type
    from numbers
    inner join known_numbers
        on numbers.current_nhs_number = known_numbers.nhs_number

    union all

    select
        {{ function('local_person_token') }}(la_code, la_person_unique_identifier) as former_token,
        person_token,
        'number_found' as change_type
    from tokens
    where person_token_type = 'nhs_number'

)

select * from replaced
