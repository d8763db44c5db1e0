with

persons as (

    select * from {{ ref('stg_person_index__persons') }}

),

-- A superseded number is never a candidate; an invalid record (code I) is nobody's.
current_persons as (

    select
        ---------- identifiers
        nhs_number,
        given_name,
        family_name,
        postcode,

        ---------- attributes
        gender,
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
