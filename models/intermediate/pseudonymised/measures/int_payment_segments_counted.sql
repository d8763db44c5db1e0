-- One row per agreement and segment, and one for all of them together: exact person-time and
-- costs, before protection, with what protection needs to know about who makes up a sum.
with

persons as (

    select * from {{ ref('int_payment_persons_segmented') }}

),

periods as (

    select * from {{ ref('int_product_periods') }}
    where product = 'payment_segments'

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

segments as (

    select segment from {{ ref('payment_segments_defined') }}

),

both_ways as (

    select
        *,
        care_cost_pounds + coalesce(health_cost_pounds, 0) as cost_pounds
    from persons
    union all
    select
        agreement_reference,
        recipient_type,
        area_code,
        person_token,
        'Total' as segment,
        person_days,
        care_cost_pounds,
        personal_budget_pounds,
        health_cost_pounds,
        care_cost_pounds + coalesce(health_cost_pounds, 0) as cost_pounds
    from persons

),

ranked as (

    select
        *,
        row_number() over (
            partition by agreement_reference, segment
            order by cost_pounds desc, person_token asc
        ) as costliness,
        count(*) over (partition by agreement_reference, segment) as persons_in_segment
    from both_ways

),

counted as (

    select
        agreement_reference,
        segment,
        count(*) as persons,
        sum(person_days) as person_days,
        sum(care_cost_pounds) as care_cost_pounds,
        count(*) filter (where care_cost_pounds > 0) as care_cost_persons,
        {{ largest_amount('care_cost_pounds') }} as care_cost_largest,
        sum(health_cost_pounds) as health_cost_pounds,
        count(*) filter (where health_cost_pounds > 0) as health_cost_persons,
        {{ largest_amount('health_cost_pounds') }} as health_cost_largest,
        sum(personal_budget_pounds) as personal_budget_pounds,
        count(*) filter (where personal_budget_pounds > 0) as personal_budget_persons,
        {{ largest_amount('personal_budget_pounds') }} as personal_budget_largest,
        sum(cost_pounds) as cost_pounds,
        {{ largest_amount('cost_pounds') }} as cost_largest,
        {%- for share in [1, 5, 10] %}
        cast(floor(max(persons_in_segment) * {{ share }} / 100.0) as bigint)
            as top_{{ share }}_persons,
        sum(
            case
                when costliness <= floor(persons_in_segment * {{ share }} / 100.0) then cost_pounds
                else 0
            end
        ) as top_{{ share }}_pounds,
        {%- endfor %}
        stddev_samp(cost_pounds) as cost_spread
    from ranked
    group by 1, 2

),

grid as (

    select
        periods.*,
        segments.segment
    from periods
    cross join segments
    union all
    select
        periods.*,
        'Total' as segment
    from periods

),

filled as (

    select
        ---------- where
        grid.agreement_reference,
        agreements.recipient_type,
        grid.year,
        agreements.recipient_ons_code as area_code,
        grid.segment,
        grid.period,

        ---------- person-time
        coalesce(counted.persons, 0) as persons,
        cast(coalesce(counted.person_days, 0) as bigint) as person_days,

        ---------- costs, and who makes them up
        {%- for sum in ['care_cost', 'health_cost', 'personal_budget'] %}
        cast(
            case when counted.segment is null then 0 else counted.{{ sum }}_pounds end
            as decimal(18, 2)
        ) as {{ sum }}_pounds,
        coalesce(counted.{{ sum }}_persons, 0) as {{ sum }}_persons,
        cast(coalesce(counted.{{ sum }}_largest, 0) as decimal(18, 2)) as {{ sum }}_largest,
        {%- endfor %}
        cast(coalesce(counted.cost_pounds, 0) as decimal(18, 2)) as cost_pounds,
        cast(coalesce(counted.cost_largest, 0) as decimal(18, 2)) as cost_largest,

        ---------- spread and concentration
        {%- for share in [1, 5, 10] %}
        coalesce(counted.top_{{ share }}_persons, 0) as top_{{ share }}_persons,
        cast(coalesce(counted.top_{{ share }}_pounds, 0) as decimal(18, 2))
            as top_{{ share }}_pounds,
        {%- endfor %}
        counted.cost_spread
    from grid
    inner join agreements
        on grid.agreement_reference = agreements.agreement_reference
    left join counted
        on
            grid.agreement_reference = counted.agreement_reference
            and grid.segment = counted.segment

)

select * from filled
