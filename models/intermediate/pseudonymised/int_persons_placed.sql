-- One row per agreement and person in play, shown or not: who was shown before goes on as that
-- allows, who is new joins. What the table of moves holds back stays as it was, or waits.
{% set shown_as = [
    'reference_date', 'recoding_step', 'known_level', 'known_side', 'age_band', 'sex',
    'ethnic_group', 'area_code', 'primary_support_reason', 'care_setting', 'sensitive_value'
] %}
with

continued as (

    select * from {{ ref('int_persons_continued') }}

),

joined as (

    select * from {{ ref('int_persons_joined') }}

),

moves as (

    select * from {{ ref('int_moves_held_back') }}

),

frozen as (

    select * from {{ ref('int_releases_frozen') }}

),

persons as (

    select * from {{ ref('int_persons_entitled') }}

),

sensitive_values as (

    select * from {{ ref('int_sensitive_values_banded') }}

),

reference_dates as (

    select max(reference_date) as reference_date
    from {{ ref('int_persons_pseudonymised') }}

),

went_on as (

    select
        frozen.agreement_reference,
        frozen.person_token,
        frozen.person_token_type,
        coalesce(persons.la_code, frozen.la_code) as la_code,
        continued.class_path_before,
        {% for column in shown_as %}
        case when moves.class_path is null then continued.{{ column }} else frozen.{{ column }} end
            as {{ column }},
        {% endfor %}
        case
            when moves.class_path is null then continued.is_shown else continued.is_shown_unmoved
        end
            as is_shown
    from continued
    inner join frozen
        on
            continued.agreement_reference = frozen.agreement_reference
            and continued.person_token = frozen.person_token
    left join persons
        on
            continued.agreement_reference = persons.agreement_reference
            and continued.person_token = persons.person_token
    left join moves
        on
            continued.agreement_reference = moves.agreement_reference
            and continued.class_path_before = moves.class_path
            and not moves.is_new

),

in_play as (

    select
        agreement_reference,
        person_token,
        person_token_type,
        la_code,
        md5(concat_ws(
            '|',
            class_path_before,
            case when is_shown then 'shown' else 'hidden' end,
            cast(known_level as {{ dbt.type_string() }}),
            known_side
        )) as class_path,
        is_shown,
        {{ shown_as | join(', ') }}
    from went_on

    union all

    select
        joined.agreement_reference,
        joined.person_token,
        persons.person_token_type,
        persons.la_code,
        joined.class_path,
        true as is_shown,
        reference_dates.reference_date,
        joined.recoding_step,
        joined.known_level,
        joined.known_side,
        joined.age_band,
        joined.sex,
        joined.ethnic_group,
        joined.area_code,
        persons.primary_support_reason,
        persons.care_setting,
        sensitive_values.sensitive_value
    from joined
    inner join persons
        on
            joined.agreement_reference = persons.agreement_reference
            and joined.person_token = persons.person_token
    inner join sensitive_values
        on
            joined.agreement_reference = sensitive_values.agreement_reference
            and joined.person_token = sensitive_values.person_token
    left join moves
        on
            joined.agreement_reference = moves.agreement_reference
            and joined.class_path = moves.class_path
            and moves.is_new
    cross join reference_dates
    where moves.class_path is null

)

select
    ---------- who
    agreement_reference,
    person_token,
    person_token_type,
    la_code,

    ---------- whom they can't be told from by all releases, this one included; whether they are
    ---------- shown
    class_path,
    is_shown,

    ---------- as whom, with ages on which day
    reference_date,
    recoding_step,
    known_level,
    known_side,
    age_band,
    sex,
    ethnic_group,
    area_code,

    ---------- the rest of what the person's row says, as first shown since the re-base: one value
    ---------- that changes alone in a class could be laid to the one of it to whom something has
    ---------- happened
    primary_support_reason,
    care_setting,
    sensitive_value
from in_play
