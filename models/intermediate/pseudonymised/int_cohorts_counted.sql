-- One row per agreement, month, age band, sex and cohort: exact numbers, before protection. Cells
-- without anybody are rows too, so that an absent row says nothing.
with

memberships as (

    select * from {{ ref('int_cohort_memberships_dated') }}

),

persons as (

    select * from {{ ref('int_persons_pseudonymised') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

cohorts as (

    select cohort from {{ ref('cohorts') }}

),

months_entitled as (

    select * from {{ ref('int_months_entitled') }}

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
    where
        product = 'cohort_monthly'
        and allowed

),

months as (

    select distinct
        entitlements.agreement_reference,
        covered.month_start,
        {{ last_day_of_month('covered.month_start') }} as month_end
    from entitlements
    inner join covered
        on entitlements.la_code = covered.la_code

),

members as (

    select
        months.agreement_reference,
        months.month_start,
        months.month_end,
        memberships.person_token,
        memberships.cohort,
        memberships.member_from,
        memberships.member_to,
        persons.age_band_cohort,
        {{ sex_counted('persons.sex') }} as sex
    from months
    inner join months_entitled
        on
            months.agreement_reference = months_entitled.agreement_reference
            and months.month_start = months_entitled.month_start
    inner join entitlements
        on
            months_entitled.agreement_reference = entitlements.agreement_reference
            and months_entitled.la_code = entitlements.la_code
    inner join memberships
        on
            months_entitled.la_code = memberships.la_code
            and months_entitled.person_token = memberships.person_token
            and months.month_end >= memberships.member_from
            and months.month_start <= coalesce(memberships.member_to, months.month_end)
    inner join persons
        on
            memberships.la_code = persons.la_code
            and memberships.person_token = persons.person_token

),

counted as (

    select
        agreement_reference,
        month_start,
        cohort,
        age_band_cohort,
        sex,
        count(distinct case
            when coalesce(member_to, month_end) >= month_end then person_token
        end) as persons,
        count(distinct case when member_from >= month_start then person_token end) as starts,
        count(distinct case when member_to <= month_end then person_token end) as ends
    from members
    group by 1, 2, 3, 4, 5

),

sexes as (

    select distinct sex from members

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
