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

-- Of the known numbers only those that another was merged into: hardly any of them is.
merged_numbers as (

    select distinct
        numbers.nhs_number,
        tokens.person_token
    from tokens
    inner join numbers
        on tokens.nhs_number = numbers.current_nhs_number
    where tokens.person_token_type = 'nhs_number'

),

replaced as (

    select
        {{ token_function('person_token') }}(nhs_number) as former_token,
        person_token,
        'number_merged' as change_type
    from merged_numbers

    union all

    select
        {{ token_function('local_person_token') }}(la_code, la_person_unique_identifier)
            as former_token,
        person_token,
        'number_found' as change_type
    from tokens
    where person_token_type = 'nhs_number'

)

select * from replaced
