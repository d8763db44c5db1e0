-- One row per spell of care that began near the end of a stay in hospital: the days of that
-- stay.
with

spells as (

    select * from {{ ref('int_care_spells_stitched') }}

),

stays as (

    select * from {{ ref('int_health_spells_joined') }}
    where discharge_date is not null

),

policy as (

    select
        {{ policy_value('days_before_start', 'integer') }} as days_before_start,
        {{ policy_value('days_after_start', 'integer') }} as days_after_start
    from {{ ref('pathway_policy') }}

),

belonging as (

    select
        spells.la_code,
        spells.person_token,
        spells.support,
        spells.start_date,
        stays.admission_date,
        stays.discharge_date,
        row_number() over (
            partition by spells.la_code, spells.person_token, spells.support, spells.start_date
            order by stays.discharge_date desc, stays.admission_date desc
        ) as preference
    from spells
    cross join policy
    inner join stays
        on
            spells.person_token = stays.person_token
            and spells.start_date >= stays.admission_date
            and stays.discharge_date
            >= {{ days_added('spells.start_date', '-policy.days_before_start') }}
            and stays.discharge_date
            <= {{ days_added('spells.start_date', 'policy.days_after_start') }}

),

measured as (

    select
        ---------- who, what, when
        la_code,
        person_token,
        support,
        start_date,

        ---------- how long
        {{ days_between('admission_date', 'discharge_date') }} as days_in_hospital
    from belonging
    where preference = 1

)

select * from measured
