-- One row per service row and covered month that it costs something in: the gross planned cost
-- of its days in that month. Exact: halves of a penny round up, in whole numbers
-- throughout.
with

services as (

    select * from {{ ref('int_services_dated') }}

),

frequencies as (

    select * from {{ ref('cost_frequencies') }}

),

mechanisms as (

    select * from {{ ref('delivery_mechanisms') }}

),

covered as (

    select
        la_code,
        month_start,
        {{ last_day_of_month('month_start') }} as month_end
    from {{ ref('int_periods_covered') }}

),

priced as (

    select
        services.*,
        coalesce(mechanisms.is_personal_budget, false) as is_personal_budget,
        frequencies.is_one_off,
        frequencies.weeks_numerator,
        frequencies.weeks_denominator,
        {{ in_pence('abs(services.unit_cost)') }} as unit_pence,
        case
            when frequencies.uses_planned_units
                then {{ in_pence('abs(services.planned_units_per_week)') }}
            else 100
        end as units_in_hundredths
    from services
    inner join frequencies
        on services.cost_frequency_unit_type = frequencies.cost_frequency_unit_type
    left join mechanisms
        on services.delivery_mechanism = mechanisms.delivery_mechanism
    where
        services.is_council_cost
        and services.unit_cost is not null
        and services.unit_cost <> 0

),

by_month as (

    select
        priced.*,
        covered.month_start,
        {{ days_between(
            'greatest(priced.start_date, covered.month_start)',
            'least(coalesce(priced.end_date, covered.month_end), covered.month_end)'
        ) }} + 1 as days_in_month
    from priced
    inner join covered
        on
            priced.la_code = covered.la_code
            and priced.start_date <= covered.month_end
            and coalesce(priced.end_date, covered.month_end) >= covered.month_start
    where
        priced.units_in_hundredths > 0
        and (not priced.is_one_off or priced.start_date >= covered.month_start)

),

rounded as (

    select
        *,
        case
            when is_one_off then unit_pence
            else
                {{ integer_divided(
                    '2 * unit_pence * units_in_hundredths * weeks_numerator * days_in_month'
                    ~ ' + 700 * weeks_denominator',
                    '1400 * weeks_denominator'
                ) }}
        end as cost_pence
    from by_month

),

costed as (

    select
        ---------- who
        la_code,
        person_token,

        ---------- for what
        support,
        service_component,
        is_personal_budget,
        start_date,

        ---------- when
        month_start,
        days_in_month,

        ---------- money
        {{ in_pounds('cost_pence') }} as cost_pounds
    from rounded

)

select * from costed
