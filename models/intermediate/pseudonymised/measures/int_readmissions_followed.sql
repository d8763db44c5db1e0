-- One row per council and discharge of one of its adult clients: the care at discharge, and
-- whether an emergency admission came within the days of the policy.
with

{{ stays_judged(
    'judged_stays', ref('int_health_spells_joined'), ['person_token', 'age_band_at_end']
) }},

months as (

    select * from {{ ref('int_person_months_observed') }}

),

stays as (

    select * from {{ ref('int_health_spells_joined') }}

),

spells as (

    select * from {{ ref('int_care_spells_stitched') }}

),

settings as (

    select
        setting_rank,
        min(care_setting) as care_setting
    from {{ ref('care_settings') }}
    group by 1

),

policy as (

    select
        {{ policy_value('readmission_days', 'integer') }} as readmission_days,
        {{ policy_value('days_after_start', 'integer') }} as days_after_start
    from {{ ref('pathway_policy') }}

),

{{ periods_of_councils('periods') }},

discharges as (

    select
        months.la_code,
        judged_stays.*,
        {{ days_added('judged_stays.discharge_date', 'policy.readmission_days') }} as follow_up_day,
        {{ days_added('judged_stays.discharge_date', 'policy.days_after_start') }} as package_day
    from judged_stays
    cross join policy
    inner join months
        on
            judged_stays.person_token = months.person_token
            and judged_stays.discharge_date between months.month_start and months.last_day
    where
        judged_stays.exclusions = 'readmission'
        and judged_stays.age_band_at_end in ('18-64', '65+')

),

with_care as (

    select
        discharges.la_code,
        discharges.person_token,
        discharges.admission_date,
        discharges.discharge_date,
        discharges.follow_up_day,
        discharges.is_left_out,
        min(spells.setting_rank) as setting_rank
    from discharges
    left join spells
        on
            discharges.la_code = spells.la_code
            and discharges.person_token = spells.person_token
            and discharges.package_day >= spells.start_date
            -- Each side its own: mixed, an outer join compares every discharge with every spell.
            and discharges.discharge_date <= coalesce(spells.end_date, date '9999-12-31')
    group by 1, 2, 3, 4, 5, 6

),

readmitted as (

    select
        with_care.la_code,
        with_care.person_token,
        with_care.admission_date,
        with_care.discharge_date,
        count(*) as readmissions
    from with_care
    inner join stays
        on
            with_care.person_token = stays.person_token
            and stays.activity_type = 'emergency_admission'
            and with_care.discharge_date <= stays.admission_date
            and with_care.follow_up_day >= stays.admission_date
            and with_care.admission_date < stays.admission_date
    group by 1, 2, 3, 4

),

followed as (

    select
        ---------- who, when
        with_care.la_code,
        with_care.person_token,
        with_care.discharge_date,

        ---------- the care at discharge; carers' support is no care of their own
        case
            when settings.care_setting in ('nursing', 'residential', 'community', 'short_term')
                then settings.care_setting
            else 'no_service'
        end as care_setting,

        ---------- what became of it, what keeps it out
        readmitted.discharge_date is not null as is_readmitted,
        case
            when with_care.is_left_out then 'activity'
            when with_care.follow_up_day > periods.last_day then 'not_covered'
        end as exclusion
    from with_care
    inner join periods
        on with_care.la_code = periods.la_code
    left join settings
        on with_care.setting_rank = settings.setting_rank
    left join readmitted
        on
            with_care.la_code = readmitted.la_code
            and with_care.person_token = readmitted.person_token
            and with_care.admission_date = readmitted.admission_date
            and with_care.discharge_date = readmitted.discharge_date

)

select * from followed
