-- One row per agreement and person in play, shown or not: who was shown before goes on as that
-- allows; whoever is new is shown with the least generalised attributes at which at least k persons
-- who are new look the same, known side included, or waits. Persons are counted, never rows.
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

continued as (

    select * from {{ ref('int_persons_continued') }}

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
        sensitive_value,
        count(*) as persons
    from described
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14

),

{{ first_fit_recoding(recoding_step_count()) }},

joined as (

    select
        described.agreement_reference,
        described.person_token,
        md5(concat_ws(
            '|',
            placed.age_band,
            placed.sex,
            placed.ethnic_group,
            placed.area_code,
            cast(placed.known_level as {{ dbt.type_string() }}),
            placed.known_side
        )) as class_path,
        true as is_shown,
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

),

in_play as (

    select * from continued
    union all
    select * from joined

)

select
    ---------- who
    in_play.agreement_reference,
    in_play.person_token,
    coalesce(persons.person_token_type, frozen.person_token_type) as person_token_type,
    coalesce(persons.la_code, frozen.la_code) as la_code,

    ---------- whom they can't be told from, and whether they are shown
    in_play.class_path,
    in_play.is_shown,

    ---------- as whom
    in_play.recoding_step,
    in_play.known_level,
    in_play.known_side,
    in_play.age_band,
    in_play.sex,
    in_play.ethnic_group,
    in_play.area_code,

    ---------- the rest of what the person's row says, as first shown: one value that changes alone
    ---------- in a class could be laid to the one of it to whom something has happened
    coalesce(frozen.primary_support_reason, persons.primary_support_reason)
        as primary_support_reason,
    coalesce(frozen.care_setting, persons.care_setting) as care_setting,
    coalesce(frozen.sensitive_value, sensitive_values.sensitive_value) as sensitive_value
from in_play
left join persons
    on
        in_play.agreement_reference = persons.agreement_reference
        and in_play.person_token = persons.person_token
left join sensitive_values
    on
        in_play.agreement_reference = sensitive_values.agreement_reference
        and in_play.person_token = sensitive_values.person_token
left join frozen
    on
        in_play.agreement_reference = frozen.agreement_reference
        and in_play.person_token = frozen.person_token
