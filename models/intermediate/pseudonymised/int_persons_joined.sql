-- One row per agreement and person who is new to its releases and could be shown: with the least
-- generalised attributes at which at least k persons who are new look the same, known side
-- included. Persons are counted, never rows.
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

frozen as (

    select * from {{ ref('int_releases_frozen') }}

),

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'linked_persons'

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
        known_sides.known_3,
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
                known_sides.known_3,
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
    left join frozen
        on
            persons.agreement_reference = frozen.agreement_reference
            and persons.person_token = frozen.person_token
    where frozen.person_token is null

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
        known_3,
        sensitive_value,
        count(*) as persons
    from described
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15

),

{{ first_fit_recoding(recoding_step_count()) }}

select
    ---------- who
    described.agreement_reference,
    described.person_token,

    ---------- whom they can't be told from
    md5(concat_ws(
        '|',
        placed.age_band,
        placed.sex,
        placed.ethnic_group,
        placed.area_code,
        cast(placed.known_level as {{ dbt.type_string() }}),
        placed.known_side
    )) as class_path,

    ---------- as whom
    placed.step as recoding_step,
    placed.known_level,
    placed.known_side,
    placed.age_band,
    placed.sex,
    placed.ethnic_group,
    placed.area_code
from described
inner join placed
    on described.tuple_id = placed.tuple_id
