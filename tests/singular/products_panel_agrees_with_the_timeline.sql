-- Guards the panel: the months, contacts and costs of those who started are those that the timeline
-- holds of them, as many months before and after as the panel shows.
with

started as (

    select * from {{ ref('int_panel_persons_matched') }}
    where
        group_name = 'started'
        and weight > 0

),

policy as (

    select
        {{ policy_value('months_before', 'integer') }} as months_before,
        {{ policy_value('months_after', 'integer') }} as months_after
    from {{ ref('panel_policy') }}

),

months as (

    select
        months_entitled.agreement_reference,
        observed.person_token,
        observed.month_start,
        max(observed.emergency_admissions) + max(observed.emergency_attendances) as contacts,
        sum(observed.care_cost_pounds) as care_cost_pounds
    from {{ ref('int_months_entitled') }} as months_entitled
    inner join {{ ref('entitlements') }} as entitlements
        on
            months_entitled.agreement_reference = entitlements.agreement_reference
            and months_entitled.la_code = entitlements.la_code
            and entitlements.product = 'intervention_panel'
            and entitlements.allowed
    inner join {{ ref('int_person_months_observed') }} as observed
        on
            months_entitled.la_code = observed.la_code
            and months_entitled.person_token = observed.person_token
            and months_entitled.month_start = observed.month_start
            and observed.is_traced
    group by 1, 2, 3

),

timeline as (

    select
        started.agreement_reference,
        started.intervention,
        count(*) as person_months,
        sum(months.contacts) as contacts,
        sum(months.care_cost_pounds) as care_cost_pounds
    from started
    cross join policy
    inner join months
        on
            started.agreement_reference = months.agreement_reference
            and started.person_token = months.person_token
            and months.month_start
            >= {{ months_added('started.month_start', '-policy.months_before') }}
            and months.month_start
            <= {{ months_added('started.month_start', 'policy.months_after') }}
    group by 1, 2

),

counted as (

    select
        agreement_reference,
        intervention,
        sum(person_months) as person_months,
        sum(contacts) as contacts,
        sum(care_cost_pounds) as care_cost_pounds
    from {{ ref('int_intervention_panel_counted') }}
    where group_name = 'started'
    group by 1, 2

)

select
    timeline.agreement_reference,
    timeline.intervention,
    timeline.person_months,
    counted.person_months as counted_months
from timeline
left join counted
    on
        timeline.agreement_reference = counted.agreement_reference
        and timeline.intervention = counted.intervention
where
    timeline.person_months <> coalesce(counted.person_months, 0)
    or timeline.contacts <> coalesce(counted.contacts, 0)
    or timeline.care_cost_pounds <> coalesce(counted.care_cost_pounds, 0)
