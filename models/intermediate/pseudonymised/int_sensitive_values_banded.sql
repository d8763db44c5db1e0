-- One row per agreement and person: use of hospital care in bands, and the value that must stay
-- diverse within a class: hospital use to a council, reason for support to a CCG.
with

persons as (

    select * from {{ ref('int_persons_entitled') }}

),

activities as (

    select * from {{ ref('int_health_activity_entitled') }}

),

counted as (

    select
        agreement_reference,
        person_token,
        count(*) filter (where activity_type = 'emergency_admission') as emergency_admissions,
        count(*) filter (where activity_type = 'emergency_attendance') as emergency_attendances
    from activities
    group by 1, 2

),

banded as (

    select
        persons.agreement_reference,
        persons.person_token,
        persons.knows,
        persons.primary_support_reason,
        case
            when persons.person_token_type <> 'nhs_number' then 'unknown'
            when coalesce(counted.emergency_admissions, 0) = 0 then '0'
            when counted.emergency_admissions = 1 then '1'
            else '2+'
        end as emergency_admissions_band,
        case
            when persons.person_token_type <> 'nhs_number' then 'unknown'
            when coalesce(counted.emergency_attendances, 0) = 0 then '0'
            when counted.emergency_attendances = 1 then '1'
            else '2+'
        end as emergency_attendances_band
    from persons
    left join counted
        on
            persons.agreement_reference = counted.agreement_reference
            and persons.person_token = counted.person_token

)

select
    agreement_reference,
    person_token,
    emergency_admissions_band,
    emergency_attendances_band,
    case
        when knows = 'care'
            then emergency_admissions_band || '|' || emergency_attendances_band
        else primary_support_reason
    end as sensitive_value
from banded
