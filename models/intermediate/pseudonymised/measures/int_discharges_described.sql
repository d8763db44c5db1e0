-- One row per discharge from hospital of a client aged 65 and over, of those that the share with
-- reablement is a share of: in which council's area the person lived (null: in none that is known),
-- and what long-term support they had when they were admitted, from whichever council.
with

{{ stays_judged(
    'judged_stays',
    ref('int_health_spells_joined'),
    ['person_token', 'age_band_at_end', 'lsoa11', 'resident_ccg_code', 'registered_ccg_code']
) }},

rules as (

    select exclusions
    from {{ ref('reablement_measures') }}
    where measure = {{ measure_of_reach() }}

),

lsoas as (

    select * from {{ ref('stg_reference__lsoas') }}

),

councils as (

    select
        ons_code,
        la_code
    from {{ ref('organisations') }}
    where organisation_type = 'council'

),

persons as (

    select
        la_code,
        person_token
    from {{ ref('int_persons_pseudonymised') }}

),

spells as (

    select * from {{ ref('int_care_spells_stitched') }}

),

support_kinds as (

    select * from {{ ref('support_kinds') }}

),

discharges as (

    select
        judged_stays.*,
        councils.la_code
    from judged_stays
    inner join rules
        on judged_stays.exclusions = rules.exclusions
    left join lsoas
        on judged_stays.lsoa11 = lsoas.lsoa11
    left join councils
        on lsoas.local_authority_ons_code = councils.ons_code
    where
        judged_stays.age_band_at_end = '65+'
        and not judged_stays.is_left_out

),

supported as (

    select
        discharges.person_token,
        discharges.admission_date,
        max(
            case
                when support_kinds.is_care_home or spells.support = 'long_term_prison' then 1
                else 0
            end
        ) as in_earlier_care,
        max(case when spells.support = 'long_term_community' then 1 else 0 end) as in_community
    from discharges
    inner join spells
        on
            discharges.person_token = spells.person_token
            and discharges.admission_date >= spells.start_date
            and coalesce(spells.end_date, discharges.admission_date) >= discharges.admission_date
    inner join support_kinds
        on spells.support = support_kinds.support
    group by 1, 2

),

described as (

    select
        ---------- who, of which council's area
        discharges.la_code,
        discharges.person_token,
        persons.person_token is not null as is_client_there,
        discharges.resident_ccg_code,
        discharges.registered_ccg_code,

        ---------- when
        discharges.admission_date,
        discharges.discharge_date,

        ---------- support at admission
        case
            when coalesce(supported.in_community, 0) = 1 then 'long_term_community'
            else 'no_long_term'
        end as care_before,
        case when coalesce(supported.in_earlier_care, 0) = 1 then 'earlier_care' end as exclusion
    from discharges
    left join persons
        on
            discharges.la_code = persons.la_code
            and discharges.person_token = persons.person_token
    left join supported
        on
            discharges.person_token = supported.person_token
            and discharges.admission_date = supported.admission_date

)

select * from described
