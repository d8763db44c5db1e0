-- One row per agreement and person who is shown, under the pseudonym of the agreement.
with

placed as (

    select * from {{ ref('int_persons_placed') }}
    where is_shown

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

protected_persons as (

    select
        placed.agreement_reference,
        agreements.recipient_type,
        agreements.knows,
        placed.person_token,
        {{ token_function('agreement_token') }}(
            placed.agreement_reference, placed.person_token
        ) as person_pseudonym,
        placed.recoding_step,
        placed.known_level,
        placed.known_side,
        placed.age_band,
        placed.sex,
        placed.ethnic_group,
        placed.area_code,
        placed.person_token_type,
        placed.la_code,
        placed.primary_support_reason,
        placed.care_setting,
        placed.sensitive_value
    from placed
    inner join agreements
        on placed.agreement_reference = agreements.agreement_reference

)

select * from protected_persons
