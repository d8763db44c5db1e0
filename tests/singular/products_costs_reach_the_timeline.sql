-- Guards the timeline: every penny of a service stands in a person-month, unless the person had
-- moved away or the council reported no month in which the person lived.
with

costs as (

    select
        la_code,
        person_token,
        month_start,
        sum(cost_pounds) as cost_pounds
    from {{ ref('int_care_costs_dated') }}
    group by 1, 2, 3

),

months as (

    select * from {{ ref('int_person_months_observed') }}

),

last_months as (

    select
        la_code,
        person_token,
        max(month_start) as last_month
    from months
    group by 1, 2

)

select
    costs.la_code,
    costs.month_start,
    costs.cost_pounds,
    months.care_cost_pounds
from costs
left join months
    on
        costs.la_code = months.la_code
        and costs.person_token = months.person_token
        and costs.month_start = months.month_start
left join last_months
    on
        costs.la_code = last_months.la_code
        and costs.person_token = last_months.person_token
where
    costs.cost_pounds <> coalesce(months.care_cost_pounds, 0)
    and costs.month_start <= last_months.last_month
