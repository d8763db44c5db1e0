{% set keys = [
    'year', 'basis', 'area_code', 'age_band', 'sex', 'period', 'scenario', 'assumption'
] %}
{% set measures = ['users', 'cost'] %}
with

counted as (

    select * from {{ ref('int_needs_counted') }}

),

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'population_needs'

),

scenarios as (

    select * from {{ ref('needs_scenarios') }}

),

population_changes as (

    select * from {{ ref('population_changes') }}

),

years_ahead as (

    select
        {{ months_between_each(
            "date '2000-01-01'",
            months_added("date '2000-01-01'", policy_value('projection_years', 'integer') ~ ' - 1')
        ) }} as each_month
    from {{ ref('needs_policy') }}

),

ahead as (

    select row_number() over (order by each_month) as years
    from years_ahead

),

judged as (

    select
        counted.agreement_reference,
        counted.year,
        'observed' as basis,
        counted.area_code,
        counted.age_band,
        counted.sex,
        counted.period,
        'observed' as scenario,
        'As counted in the months of the period.' as assumption,
        {{ protected_count('counted.users', 'limits') }} as users,
        {{ protected_status('counted.users', 'limits') }} as users_status,
        case
            when counted.users < limits.small_number_threshold and counted.users > 0 then null
            else {{ protected_sum(
                'counted.cost_pounds', 'counted.cost_persons', 'counted.cost_largest', 'limits'
            ) }}
        end as cost,
        case
            when counted.users < limits.small_number_threshold and counted.users > 0 then 'hidden'
            else {{ protected_sum_status(
                'counted.cost_pounds', 'counted.cost_persons', 'counted.cost_largest', 'limits'
            ) }}
        end as cost_status
    from counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

{{ cells_as_published('population_needs', keys, measures) }},

-- A projection is made of the cell that is shown, and is hidden with it.
observed as (

    select
        shown.*,
        counted.population,
        limits.rounding_base,
        limits.sum_rounding_base
    from shown
    inner join counted
        on
            shown.agreement_reference = counted.agreement_reference
            and shown.age_band = counted.age_band
            and shown.sex = counted.sex
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

factors as (

    select
        scenarios.scenario,
        scenarios.assumption,
        population_changes.age_band,
        ahead.years,
        power(
            1 + case
                when scenarios.applies_population_change then population_changes.yearly_change
                else 0
            end,
            ahead.years
        ) as population_factor,
        power(1 + scenarios.yearly_change_of_use, ahead.years) as use_factor
    from scenarios
    cross join population_changes
    cross join ahead

),

projected as (

    select
        observed.agreement_reference,
        cast(observed.year + factors.years as integer) as year,
        'projected' as basis,
        observed.area_code,
        observed.age_band,
        observed.sex,
        cast(round(observed.population * factors.population_factor) as bigint) as population,
        cast(
            round(
                observed.users * factors.population_factor * factors.use_factor
                / observed.rounding_base
            ) * observed.rounding_base as bigint
        ) as users,
        cast(
            round(
                observed.cost * factors.population_factor * factors.use_factor
                / observed.sum_rounding_base
            ) * observed.sum_rounding_base as bigint
        ) as cost,
        observed.period,
        factors.scenario,
        factors.assumption,
        observed.users_status,
        observed.cost_status
    from observed
    inner join factors
        on observed.age_band = factors.age_band

),

all_years as (

    select
        agreement_reference,
        year,
        basis,
        area_code,
        age_band,
        sex,
        population,
        users,
        cost,
        period,
        scenario,
        assumption,
        users_status,
        cost_status
    from observed
    union all
    select * from projected

)

select
    agreement_reference,
    year,
    basis,
    area_code,
    age_band,
    sex,
    population,
    users,
    cast(round(1000.0 * users / population, 1) as double) as use_per_1000,
    cost,
    cast(round(1000.0 * cost / population) as bigint) as cost_per_1000,
    period,
    scenario,
    assumption,
    'outside' as population_status,
    users_status,
    users_status as use_per_1000_status,
    cost_status,
    cost_status as cost_per_1000_status
from all_years
