-- k-anonymity on persons, never rows: each person is shown with the least generalised attributes at
-- which at least k persons of the same agreement look the same, known side included.
-- depends_on: {{ ref('recoding_steps') }}
with

persons as (

    select * from {{ ref('int_persons_entitled') }}

),

known_sides as (

    select * from {{ ref('int_known_sides_sequenced') }}

),

sensitive_values as (

    select * from {{ ref('int_sensitive_values_banded') }}

),

recoding_steps as (

    select * from {{ ref('recoding_steps') }}

),

limits as (

    select * from {{ ref('int_disclosure_limits_pivoted') }}

),

described as (

    select
        persons.agreement_reference,
        persons.recipient_type,
        persons.person_token,
        persons.age_band_five,
        persons.age_band_ten,
        persons.age_band_adult,
        persons.sex as sex_exact,
        persons.ethnic_group as ethnic_exact,
        persons.area_small,
        persons.area_large,
        known_sides.known_0,
        known_sides.known_1,
        known_sides.known_2,
        sensitive_values.sensitive_value,
        dense_rank() over (
            order by
                persons.agreement_reference,
                persons.age_band_five,
                persons.sex,
                persons.ethnic_group,
                persons.area_small,
                known_sides.known_0,
                known_sides.known_1,
                known_sides.known_2,
                sensitive_values.sensitive_value
        ) as tuple_id
    from persons
    inner join known_sides
        on
            persons.agreement_reference = known_sides.agreement_reference
            and persons.person_token = known_sides.person_token
    inner join sensitive_values
        on
            persons.agreement_reference = sensitive_values.agreement_reference
            and persons.person_token = sensitive_values.person_token

),

tuples as (

    select
        tuple_id,
        agreement_reference,
        recipient_type,
        age_band_five,
        age_band_ten,
        age_band_adult,
        sex_exact,
        ethnic_exact,
        area_small,
        area_large,
        known_0,
        known_1,
        known_2,
        sensitive_value,
        count(*) as persons
    from described
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14

),

{{ first_fit_recoding(recoding_step_count()) }},

protected_persons as (

    select
        described.agreement_reference,
        described.recipient_type,
        described.person_token,
        {{ function('agreement_token') }}(
            described.agreement_reference, described.person_token
        ) as person_pseudonym,
        placed.step as recoding_step,
        placed.known_level,
        placed.age_band,
        placed.sex,
        placed.ethnic_group,
        placed.area_code
    from described
    inner join placed
        on described.tuple_id = placed.tuple_id

)

select * from protected_persons
