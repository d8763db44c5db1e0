-- Hashes each distinct person once. A traced person's token comes from the current NHS number, so
-- that a superseded and a current number give one token; any other's from the council's own
-- identifier, in a domain of its own that never links to health.
with

persons_traced as (

    select * from {{ ref('int_persons_traced') }}

),

traced_numbers as (

    select distinct nhs_number
    from persons_traced
    where nhs_number is not null

),

traced_tokens as (

    select
        nhs_number,
        {{ token_function('person_token') }}(nhs_number) as person_token
    from traced_numbers

),

assigned as (

    select
        ---------- identifiers
        persons_traced.la_code,
        persons_traced.la_person_unique_identifier,
        persons_traced.nhs_number,

        ---------- tokens
        coalesce(
            traced_tokens.person_token,
            {{ token_function('local_person_token') }}(
                persons_traced.la_code, persons_traced.la_person_unique_identifier
            )
        ) as person_token,
        case when traced_tokens.person_token is null then 'local' else 'nhs_number' end
            as person_token_type
    from persons_traced
    left join traced_tokens
        on persons_traced.nhs_number = traced_tokens.nhs_number

)

select * from assigned
