{{ config(materialized=kept_while_unchanged()) }}

with

persons as (

    select * from {{ ref('stg_person_index__persons') }}

),

-- A superseded number is never a candidate; an invalid record (code I) is nobody's.
current_persons as (

    select
        ---------- identifiers
        try_cast(nhs_number as bigint) as person_id,
        {{ first_word(name_cleaned('given_name')) }} as given_name,
        {{ name_cleaned('family_name') }} as family_name,
        postcode,

        ---------- attributes
        case when gender in ('1', '2') then gender end as gender,
        gp_practice_code,
        coalesce(confidentiality_code in ('S', 'Y'), false) as is_sensitive,

        ---------- dates
        date_of_birth,
        date_of_death
    from persons
    where
        superseded_by_nhs_number is null
        and coalesce(confidentiality_code, '') <> 'I'

)

select * from current_persons
where person_id is not null
