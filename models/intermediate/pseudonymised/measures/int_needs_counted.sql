-- One row per agreement, age band and sex: residents of the recipient's area, persons in support
-- and what their care cost in the months covered; exact, before protection.
with

{{ entitled_person_months('population_needs') }},

persons as (

    select
        person_token,
        min(age_band_cohort) as age_band,
        min({{ sex_counted('sex') }}) as sex
    from {{ ref('int_persons_pseudonymised') }}
    group by 1

),

periods as (

    select * from {{ ref('int_product_periods') }}
    where product = 'population_needs'

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

residents as (

    select * from {{ ref('int_residents_counted') }}

),

users as (

    select
        person_months.agreement_reference,
        person_months.person_token,
        persons.age_band,
        persons.sex,
        sum(person_months.care_cost_pounds) as cost_pounds
    from person_months_population_needs as person_months
    inner join persons
        on person_months.person_token = persons.person_token
    where person_months.is_supported
    group by 1, 2, 3, 4

),

counted as (

    select
        agreement_reference,
        age_band,
        sex,
        count(*) as users,
        sum(cost_pounds) as cost_pounds,
        count(*) filter (where cost_pounds > 0) as cost_persons,
        {{ largest_amount('cost_pounds') }} as cost_largest
    from users
    group by 1, 2, 3

),

filled as (

    select
        ---------- where
        periods.agreement_reference,
        agreements.recipient_type,
        periods.year,
        agreements.recipient_ons_code as area_code,
        residents.age_band,
        residents.sex,
        periods.period,

        ---------- how many, and what it cost
        residents.population,
        coalesce(counted.users, 0) as users,
        cast(coalesce(counted.cost_pounds, 0) as decimal(18, 2)) as cost_pounds,
        coalesce(counted.cost_persons, 0) as cost_persons,
        cast(coalesce(counted.cost_largest, 0) as decimal(18, 2)) as cost_largest
    from periods
    inner join agreements
        on periods.agreement_reference = agreements.agreement_reference
    inner join residents
        on agreements.recipient_ons_code = residents.area_code
    left join counted
        on
            periods.agreement_reference = counted.agreement_reference
            and residents.age_band = counted.age_band
            and residents.sex = counted.sex

)

select * from filled
