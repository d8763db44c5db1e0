{% set keys = ['year', 'area_code', 'segment', 'period'] %}
{% set sums = [
    ('care_cost', 'care_cost', 'true'),
    ('health_cost', 'health_cost', 'counted.shows_health_cost'),
    ('personal_budget_cost', 'personal_budget', 'true')
] %}
{% set measures = ['persons', 'person_years', 'care_cost', 'health_cost', 'personal_budget_cost'] %}
with

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'payment_segments'

),

-- Nothing of a segment is shown whose persons are few, and no cost of health care that would say of
-- each that they had none. All persons together show how cost concentrates and no sums: one
-- segment's would follow from them and the others'.
counted as (

    select
        counted.*,
        {{ integer_divided('2 * counted.person_days + 365', '730') }} as person_years,
        counted.segment <> 'Total'
        and (counted.persons = 0 or counted.persons >= limits.small_number_threshold) as shows_sums,
        not coalesce(counted.health_cost_pounds = 0, false)
        or not {{ share_tells_of_all('counted.health_cost_persons', 'counted.persons', 'limits') }}
            as shows_health_cost
    from {{ ref('int_payment_segments_counted') }} as counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

judged as (

    select
        counted.agreement_reference,
        counted.year,
        counted.area_code,
        counted.segment,
        counted.period,
        {%- for measure, sum, shows in sums %}
        {%- set arguments = (
            'counted.' ~ sum ~ '_pounds', 'counted.' ~ sum ~ '_persons',
            'counted.' ~ sum ~ '_largest', 'limits'
        ) %}
        case
            when counted.shows_sums and {{ shows }} then {{ protected_sum(*arguments) }}
        end as {{ measure }},
        case
            when not (counted.shows_sums and {{ shows }}) then 'hidden'
            when counted.{{ sum }}_pounds is null then 'unknown'
            else {{ protected_sum_status(*arguments) }}
        end as {{ measure }}_status,
        {%- endfor %}
        {{ protected_count('counted.persons', 'limits') }} as persons,
        {{ protected_status('counted.persons', 'limits') }} as persons_status,
        {{ protected_count('counted.person_years', 'limits') }} as person_years,
        {{ protected_status('counted.person_years', 'limits') }} as person_years_status
    from counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

{{ cells_as_published('payment_segments', keys, measures) }},

-- A share is shown where the persons at the top are no few, none of them dominates, and it is not
-- all. Rates are made of what is shown, so that they say no more than it does.
rated as (

    select
        shown.*,
        {%- for share in [1, 5, 10] %}
        case
            when
                shown.persons_status = 'rounded'
                and counted.top_{{ share }}_persons >= limits.small_number_threshold
                and counted.cost_largest <= limits.dominance_share * counted.top_{{ share }}_pounds
                and round(100.0 * counted.top_{{ share }}_pounds / counted.cost_pounds) < 100
                then cast(
                    round(100.0 * counted.top_{{ share }}_pounds / counted.cost_pounds) as bigint
                )
        end as top_{{ share }}_cost_percent,
        {%- endfor %}
        case
            when
                shown.persons_status = 'rounded'
                and counted.persons >= 2 * limits.small_number_threshold
                and counted.cost_largest <= limits.dominance_share * counted.cost_pounds
                then cast(
                    round(counted.cost_spread / limits.sum_rounding_base)
                    * limits.sum_rounding_base as bigint
                )
        end as cost_spread,
        case
            when
                shown.persons_status = 'rounded'
                and shown.person_years_status = 'rounded'
                and shown.care_cost_status in ('rounded', 'zero')
                and shown.health_cost_status in ('rounded', 'zero')
                then cast(
                    round(1.0 * (shown.care_cost + shown.health_cost) / shown.person_years)
                    as bigint
                )
        end as cost_per_person_year
    from shown
    inner join counted
        on
            shown.agreement_reference = counted.agreement_reference
            and shown.segment = counted.segment
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

-- What is not shown is hidden, unknown or nought, as what it is made of is.
told as (

    select
        *,
        cast(cost_per_person_year * person_years as bigint) as capitated_budget_cost,
        case when persons_status = 'zero' then 'zero' else 'hidden' end as status_without_spread,
        case
            when cost_per_person_year is not null then 'rounded'
            when health_cost_status = 'unknown' then 'unknown'
            when persons_status = 'zero' then 'zero'
            else 'hidden'
        end as rate_status
    from rated

)

select
    agreement_reference,
    year,
    area_code,
    segment,
    persons,
    person_years,
    care_cost,
    health_cost,
    cost_per_person_year,
    capitated_budget_cost,
    personal_budget_cost,
    cost_spread,
    top_1_cost_percent,
    top_5_cost_percent,
    top_10_cost_percent,
    period,
    persons_status,
    person_years_status,
    care_cost_status,
    health_cost_status,
    rate_status as cost_per_person_year_status,
    rate_status as capitated_budget_cost_status,
    personal_budget_cost_status,
    case when cost_spread is null then status_without_spread else 'rounded' end
        as cost_spread_status,
    case when top_1_cost_percent is null then status_without_spread else 'rounded' end
        as top_1_cost_percent_status,
    case when top_5_cost_percent is null then status_without_spread else 'rounded' end
        as top_5_cost_percent_status,
    case when top_10_cost_percent is null then status_without_spread else 'rounded' end
        as top_10_cost_percent_status
from told
