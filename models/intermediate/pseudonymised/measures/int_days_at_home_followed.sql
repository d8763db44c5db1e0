-- One row per discharge into reablement, as the measure over 84 days finds it: the day on which the
-- person first died, was readmitted as an emergency for a night or more, or moved to a care home.
with

followed as (

    select * from {{ ref('int_reablement_followed') }}
    where measure = {{ measure_of_reach() }}

),

deaths as (

    select * from {{ ref('int_deaths_reconciled') }}

),

readmissions as (

    select * from {{ ref('int_health_spells_joined') }}
    where
        activity_type = 'emergency_admission'
        and not is_zero_length

),

care_home_stays as (

    select * from {{ ref('int_care_home_stays_merged') }}

),

days as (

    select max(days) as last_day_drawn
    from {{ ref('survival_days') }}

),

{{ periods_of_councils('periods') }},

departures as (

    select
        followed.la_code,
        followed.person_token,
        followed.cluster_start,
        readmissions.admission_date as left_on
    from followed
    inner join readmissions
        on
            followed.person_token = readmissions.person_token
            and followed.cluster_start < readmissions.admission_date
            and followed.discharge_date < readmissions.admission_date
    union all
    select
        followed.la_code,
        followed.person_token,
        followed.cluster_start,
        care_home_stays.start_date as left_on
    from followed
    inner join care_home_stays
        on
            followed.la_code = care_home_stays.la_code
            and followed.person_token = care_home_stays.person_token
            and followed.discharge_date <= care_home_stays.start_date
    union all
    select
        followed.la_code,
        followed.person_token,
        followed.cluster_start,
        deaths.died_on as left_on
    from followed
    inner join deaths
        on followed.person_token = deaths.person_token

),

first_departures as (

    select
        la_code,
        person_token,
        cluster_start,
        min(left_on) as left_on
    from departures
    group by 1, 2, 3

),

at_home as (

    select
        ---------- which case
        followed.la_code,
        followed.person_token,
        followed.cluster_start,
        followed.discharge_date,

        ---------- how long at home
        first_departures.left_on as left_home_on,

        ---------- what keeps it out
        case
            when followed.exclusion <> 'not_covered' then followed.exclusion
            when
                {{ days_added('followed.discharge_date', 'days.last_day_drawn') }}
                > periods.last_day
                then 'not_covered'
        end as exclusion
    from followed
    cross join days
    inner join periods
        on followed.la_code = periods.la_code
    left join first_departures
        on
            followed.la_code = first_departures.la_code
            and followed.person_token = first_departures.person_token
            and followed.cluster_start = first_departures.cluster_start

)

select * from at_home
