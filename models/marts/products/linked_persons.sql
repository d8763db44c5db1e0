with

protected_persons as (

    select * from {{ ref('int_persons_protected') }}

),

entitlements as (

    select * from {{ ref('entitlements') }}

),

shown as (

    select
        protected_persons.agreement_reference,
        protected_persons.person_pseudonym,

        ---------- quasi-identifiers, as far as the person's class allows
        protected_persons.age_band,
        protected_persons.sex,
        protected_persons.ethnic_group,
        case
            when entitlements.minimum_area = 'whole' and protected_persons.area_code like 'E02%'
                then '*'
            else protected_persons.area_code
        end as area_code,

        ---------- link
        case
            when protected_persons.person_token_type = 'nhs_number' then 'linked'
            else 'not_linked'
        end as link_status,

        ---------- care: to a council part of what it knows already, shown as its class allows
        case
            when protected_persons.knows <> 'care'
                then protected_persons.primary_support_reason
            when protected_persons.known_level > 1 then '*'
            else split_part(protected_persons.known_side, '#', 3)
        end as primary_support_reason,
        case
            when protected_persons.knows <> 'care' then protected_persons.care_setting
            when protected_persons.known_level > 3 then '*'
            else split_part(protected_persons.known_side, '#', 2)
        end as care_setting,

        ---------- health: to a CCG part of what it knows already, shown as its class allows
        case
            when protected_persons.knows <> 'health'
                then split_part(protected_persons.sensitive_value, '|', 1)
            when protected_persons.known_level in (2, 4) then '*'
            when protected_persons.person_token_type <> 'nhs_number' then 'unknown'
            when protected_persons.known_level = 3
                then split_part(protected_persons.known_side, '#', 2)
            else {{ times_banded('protected_persons.known_side', 'emergency_admission') }}
        end as emergency_admissions,
        case
            when protected_persons.knows <> 'health'
                then split_part(protected_persons.sensitive_value, '|', 2)
            when protected_persons.known_level in (2, 4) then '*'
            when protected_persons.person_token_type <> 'nhs_number' then 'unknown'
            when protected_persons.known_level = 3
                then split_part(protected_persons.known_side, '#', 3)
            else {{ times_banded('protected_persons.known_side', 'emergency_attendance') }}
        end as emergency_attendances
    from protected_persons
    inner join entitlements
        on
            protected_persons.agreement_reference = entitlements.agreement_reference
            and protected_persons.la_code = entitlements.la_code
            and entitlements.product = 'linked_persons'
            and entitlements.allowed

)

select
    agreement_reference,
    person_pseudonym,
    age_band,
    sex,
    ethnic_group,
    area_code,
    link_status,
    primary_support_reason,
    care_setting,
    emergency_admissions,
    emergency_attendances
from shown
