-- One row per council, person and month with days of residence in a care home: emergency
-- admissions and attendances on those days; null, not zero, for whoever could not be traced.
with

stays as (

    select * from {{ ref('int_care_home_stays_merged') }}

),

months as (

    select * from {{ ref('int_person_months_observed') }}

),

hospital_stays as (

    select * from {{ ref('int_health_spells_joined') }}
    where activity_type = 'emergency_admission'

),

attendances as (

    select * from {{ ref('int_health_activity_pseudonymised') }}
    where activity_type = 'emergency_attendance'

),

resident as (

    select
        months.la_code,
        months.person_token,
        months.is_traced,
        months.month_start,
        greatest(stays.start_date, months.month_start) as resident_from,
        least(coalesce(stays.end_date, months.last_day), months.last_day) as resident_to
    from months
    inner join stays
        on
            months.la_code = stays.la_code
            and months.person_token = stays.person_token
            and months.last_day >= stays.start_date
            and months.month_start <= coalesce(stays.end_date, months.month_start)

),

used as (

    select
        resident.la_code,
        resident.person_token,
        resident.month_start,
        resident.resident_from,
        sum(case when activities.is_admission then 1 else 0 end) as emergency_admissions,
        sum(case when activities.is_admission then 0 else 1 end) as emergency_attendances
    from resident
    inner join (
        select
            person_token,
            admission_date as activity_date,
            true as is_admission
        from hospital_stays
        union all
        select
            person_token,
            activity_date,
            false as is_admission
        from attendances
    ) as activities
        on
            resident.person_token = activities.person_token
            and activities.activity_date between resident.resident_from and resident.resident_to
    group by 1, 2, 3, 4

),

observed as (

    select
        ---------- who, when
        resident.la_code,
        resident.person_token,
        resident.is_traced,
        resident.month_start,

        ---------- how long, how often
        sum({{ days_between('resident.resident_from', 'resident.resident_to') }} + 1)
            as resident_days,
        case when resident.is_traced then sum(coalesce(used.emergency_admissions, 0)) end
            as emergency_admissions,
        case when resident.is_traced then sum(coalesce(used.emergency_attendances, 0)) end
            as emergency_attendances
    from resident
    left join used
        on
            resident.la_code = used.la_code
            and resident.person_token = used.person_token
            and resident.month_start = used.month_start
            and resident.resident_from = used.resident_from
    group by 1, 2, 3, 4

)

select * from observed
