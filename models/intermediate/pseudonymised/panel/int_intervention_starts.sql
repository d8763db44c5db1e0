-- One row per intervention, council and person who ever had it: the month of the first start,
-- null where that lies before the months covered.
with

attributes as (

    select * from {{ ref('int_person_attributes_dated') }}

),

rules as (

    select * from {{ ref('intervention_rules') }}

),

periods as (

    select
        la_code,
        min(month_start) as first_day
    from {{ ref('int_periods_covered') }}
    group by 1

),

firsts as (

    select
        rules.intervention,
        attributes.la_code,
        attributes.person_token,
        min(attributes.valid_from) as started_on
    from attributes
    inner join rules
        on
            attributes.attribute = rules.attribute
            and attributes.value = rules.value
    group by 1, 2, 3

),

starts as (

    select
        ---------- which intervention, who
        firsts.intervention,
        firsts.la_code,
        firsts.person_token,

        ---------- when
        firsts.started_on,
        case
            when firsts.started_on >= periods.first_day
                then cast(date_trunc('month', firsts.started_on) as date)
        end as start_month
    from firsts
    inner join periods
        on firsts.la_code = periods.la_code

)

select * from starts
