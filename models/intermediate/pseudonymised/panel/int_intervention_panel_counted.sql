-- One row per agreement, intervention, group and month relative to the start: person-months, use
-- and cost of the matched, before protection. The comparison group is weighted to the size of
-- the other.
with

{{ entitled_person_months('intervention_panel') }},

matched as (

    select *
    from {{ ref('int_panel_persons_matched') }}
    where weight > 0

),

policy as (

    select
        {{ policy_value('months_before', 'integer') }} as months_before,
        {{ policy_value('months_after', 'integer') }} as months_after
    from {{ ref('panel_policy') }}

),

months as (

    select
        agreement_reference,
        person_token,
        {{ month_number_of('month_start') }} as month_number,
        emergency_admissions + emergency_attendances as contacts,
        health_cost_pounds,
        care_cost_pounds
    from person_months_intervention_panel
    where is_traced

),

-- A person who stands for several starts counts with the sum of the weights. Decimals, whose sums
-- do not depend on the order of rows: a count is rounded from them.
followed as (

    select
        matched.agreement_reference,
        matched.recipient_type,
        matched.intervention,
        matched.group_name,
        cast(months.month_number - matched.month_number as integer) as month_relative,
        matched.person_token,
        {%- for amount in ['contacts', 'health_cost_pounds', 'care_cost_pounds'] %}
        cast(sum(matched.weight * months.{{ amount }}) as decimal(18, 6)) as {{ amount }},
        {%- endfor %}
        cast(sum(matched.weight) as decimal(18, 6)) as person_months
    from matched
    cross join policy
    inner join months
        on
            matched.agreement_reference = months.agreement_reference
            and matched.person_token = months.person_token
            and months.month_number
            between matched.month_number - policy.months_before
            and matched.month_number + policy.months_after
    group by 1, 2, 3, 4, 5, 6

),

counted as (

    select
        ---------- where
        agreement_reference,
        recipient_type,
        intervention,
        group_name,
        month_relative,

        ---------- how many
        count(*) as persons,
        cast(round(sum(person_months)) as bigint) as person_months,

        ---------- use and costs, and who makes them up
        cast(round(sum(contacts)) as bigint) as contacts,
        count(*) filter (where contacts > 0) as contacts_persons,
        {%- for cost in ['health_cost', 'care_cost'] %}
        cast(sum({{ cost }}_pounds) as decimal(18, 2)) as {{ cost }}_pounds,
        count(*) filter (where {{ cost }}_pounds > 0) as {{ cost }}_persons,
        {{ largest_amount(cost ~ '_pounds') }} as {{ cost }}_largest,
        {%- endfor %}
        {{ largest_amount('contacts') }} as contacts_largest
    from followed
    group by 1, 2, 3, 4, 5

)

select * from counted
