-- One row per agreement, month, age band, sex and cohort: exact numbers, before protection. Cells
-- without anybody are rows too, so that an absent row says nothing.
with

events as (

    select * from {{ ref('int_care_events_entitled') }}
    where
        product = 'cohort_monthly'
        and event_type = 'Service'

),

persons as (

    select * from {{ ref('int_persons_pseudonymised') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

settings as (

    select * from {{ ref('care_settings') }}

),

covered as (

    select * from {{ ref('int_periods_covered') }}

),

age_bands as (

    select distinct cohort_band
    from {{ ref('age_bands') }}
    where age >= 18

),

entitlements as (

    select * from {{ ref('entitlements') }}

),

months as (

    select distinct
        entitlements.agreement_reference,
        covered.month_start,
        {{ last_day_of_month('covered.month_start') }} as month_end
    from entitlements
    inner join covered
        on entitlements.la_code = covered.la_code
    where
        entitlements.product = 'cohort_monthly'
        and entitlements.allowed

),

memberships as (

    select
        events.agreement_reference,
        events.person_token,
        settings.cohort,
        persons.age_band_cohort,
        case when persons.sex in ('Male', 'Female') then persons.sex else 'Other or unknown' end
            as sex,
        events.event_start_date,
        events.event_end_date
    from events
    inner join settings
        on events.service_type = settings.service_type
    inner join persons
        on
            events.person_token = persons.person_token
            and events.la_code = persons.la_code
    where events.event_start_date is not null

),

counted as (

    select
        months.agreement_reference,
        months.month_start,
        memberships.cohort,
        memberships.age_band_cohort,
        memberships.sex,
        count(distinct case
            when coalesce(memberships.event_end_date, months.month_end) >= months.month_end
                then memberships.person_token
        end) as persons,
        count(distinct case
            when memberships.event_start_date >= months.month_start then memberships.person_token
        end) as starts,
        count(distinct case
            when memberships.event_end_date <= months.month_end then memberships.person_token
        end) as ends
    from months
    inner join memberships
        on
            months.agreement_reference = memberships.agreement_reference
            and months.month_end >= memberships.event_start_date
            and months.month_start <= coalesce(memberships.event_end_date, months.month_end)
    group by 1, 2, 3, 4, 5

),

sexes as (

    select distinct sex from memberships

),

cohorts as (

    select distinct cohort from settings

),

grid as (

    select
        months.agreement_reference,
        months.month_start,
        cohorts.cohort,
        age_bands.cohort_band as age_band,
        sexes.sex
    from months
    cross join cohorts
    cross join age_bands
    cross join sexes

),

filled as (

    select
        grid.agreement_reference,
        agreements.recipient_type,
        grid.month_start,
        agreements.recipient_ons_code as area_code,
        grid.age_band,
        grid.sex,
        grid.cohort,
        coalesce(counted.persons, 0) as persons,
        coalesce(counted.starts, 0) as starts,
        coalesce(counted.ends, 0) as ends
    from grid
    inner join agreements
        on grid.agreement_reference = agreements.agreement_reference
    left join counted
        on
            grid.agreement_reference = counted.agreement_reference
            and grid.month_start = counted.month_start
            and grid.cohort = counted.cohort
            and grid.age_band = counted.age_band_cohort
            and grid.sex = counted.sex

)

select * from filled
