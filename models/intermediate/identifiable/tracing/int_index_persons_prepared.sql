{{ config(materialized=kept_while_unchanged()) }}

with

persons as (

    select * from {{ ref('stg_person_index__persons') }}

),

placeholders as (

    select * from {{ ref('placeholder_dates_of_birth') }}

),

birth_dates as (

    select distinct date_of_birth from persons

),

-- Days that are entered when only the year is known.
placeholder_births as (

    select distinct birth_dates.date_of_birth
    from birth_dates
    inner join placeholders
        on
            extract(year from birth_dates.date_of_birth)
            = coalesce(placeholders.year, extract(year from birth_dates.date_of_birth))
            and extract(month from birth_dates.date_of_birth) = placeholders.month
            and extract(day from birth_dates.date_of_birth) = placeholders.day

),

-- A superseded number is never a candidate; an invalid record (code I) is nobody's.
current_persons as (

    select
        ---------- identifiers
        try_cast(persons.nhs_number as bigint) as person_id,
        {{ first_word(name_cleaned('persons.given_name')) }} as given_name,
        {{ name_cleaned('persons.family_name') }} as family_name,
        persons.postcode,

        ---------- attributes
        case when persons.gender in ('1', '2') then persons.gender end as gender,
        persons.gp_practice_code,
        coalesce(persons.confidentiality_code in ('S', 'Y'), false) as is_sensitive,
        placeholder_births.date_of_birth is not null as has_placeholder_birth,

        ---------- dates
        persons.date_of_birth,
        persons.date_of_death
    from persons
    left join placeholder_births
        on persons.date_of_birth = placeholder_births.date_of_birth
    where
        persons.superseded_by_nhs_number is null
        and coalesce(persons.confidentiality_code, '') <> 'I'

)

select * from current_persons
where person_id is not null
