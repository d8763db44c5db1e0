-- Guards payment models: the segments of an agreement together hold every day and penny of its
-- person-months, and so does the row of all together.
with

months as (

    select * from {{ ref('int_person_months_observed') }}
    where days_known > 0

),

entitled as (

    select * from {{ ref('int_months_entitled') }}

),

entitlements as (

    select * from {{ ref('entitlements') }}
    where
        product = 'payment_segments'
        and allowed

),

timeline as (

    select
        entitled.agreement_reference,
        sum(months.care_cost_pounds) as care_cost_pounds,
        sum(months.personal_budget_pounds) as personal_budget_pounds
    from entitled
    inner join entitlements
        on
            entitled.agreement_reference = entitlements.agreement_reference
            and entitled.la_code = entitlements.la_code
    inner join months
        on
            entitled.la_code = months.la_code
            and entitled.person_token = months.person_token
            and entitled.month_start = months.month_start
    group by 1

),

counted as (

    select
        agreement_reference,
        segment = 'Total' as is_total,
        sum(care_cost_pounds) as care_cost_pounds,
        sum(personal_budget_pounds) as personal_budget_pounds,
        sum(coalesce(health_cost_pounds, 0)) as health_cost_pounds,
        sum(person_days) as person_days
    from {{ ref('int_payment_segments_counted') }}
    group by 1, 2

)

select
    parts.agreement_reference,
    parts.care_cost_pounds,
    timeline.care_cost_pounds as timeline_pounds
from counted as parts
inner join counted as wholes
    on
        parts.agreement_reference = wholes.agreement_reference
        and wholes.is_total
left join timeline
    on parts.agreement_reference = timeline.agreement_reference
where
    not parts.is_total
    and (
        parts.care_cost_pounds <> coalesce(timeline.care_cost_pounds, 0)
        or parts.personal_budget_pounds <> coalesce(timeline.personal_budget_pounds, 0)
        or parts.care_cost_pounds <> wholes.care_cost_pounds
        or parts.health_cost_pounds <> wholes.health_cost_pounds
        or parts.person_days <> wholes.person_days
    )
