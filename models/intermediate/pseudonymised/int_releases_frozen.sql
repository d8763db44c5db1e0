-- One row per agreement and person whom any of its releases has shown: as the latest release left
-- them. A withdrawn release counts too: what was seen can't be unseen.
with

released_persons as (

    select * from {{ source('governance', 'released_persons') }}

),

ledger as (

    select * from {{ source('governance', 'release_ledger') }}

),

releases as (

    select
        agreement_reference,
        release_id,
        row_number() over (
            partition by agreement_reference
            order by entry_number desc
        ) as recency
    from ledger
    where entry_type in ('released', 'reissued')

),

frozen as (

    select
        ---------- who
        released_persons.agreement_reference,
        released_persons.person_token,
        released_persons.person_token_type,
        released_persons.la_code,

        ---------- whom they can't be told from, and whether they are shown
        released_persons.class_path,
        released_persons.is_shown,

        ---------- as whom, with ages on which day
        released_persons.reference_date,
        released_persons.recoding_step,
        released_persons.known_level,
        released_persons.known_side,
        released_persons.age_band,
        released_persons.sex,
        released_persons.ethnic_group,
        released_persons.area_code,
        released_persons.primary_support_reason,
        released_persons.care_setting,
        released_persons.sensitive_value
    from released_persons
    inner join releases
        on
            released_persons.agreement_reference = releases.agreement_reference
            and released_persons.release_id = releases.release_id
    where releases.recency = 1

)

select * from frozen
