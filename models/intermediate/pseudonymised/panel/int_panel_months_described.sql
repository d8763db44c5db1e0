-- One row per agreement, traced person and month in which an intervention could start: what the
-- person is matched on, and use before and after that month.
with

{{ entitled_person_months('intervention_panel') }},

persons as (

    select
        person_token,
        min(age_band_cohort) as age_band,
        min(sex) as sex
    from {{ ref('int_persons_pseudonymised') }}
    group by 1

),

bands as (

    select * from {{ ref('prior_use_bands') }}

),

policy as (

    select
        {{ policy_value('months_before', 'integer') }} as months_before,
        {{ policy_value('months_after', 'integer') }} as months_after,
        {{ policy_value('prior_use_months', 'integer') }} as prior_use_months
    from {{ ref('panel_policy') }}

),

months as (

    select
        agreement_reference,
        recipient_type,
        area_code,
        person_token,
        month_start,
        {{ month_number_of('month_start') }} as month_number,
        setting_rank,
        emergency_admissions + emergency_attendances as contacts,
        health_cost_pounds,
        care_cost_pounds
    from person_months_intervention_panel
    where is_traced

),

around as (

    select
        months.agreement_reference,
        months.recipient_type,
        months.area_code,
        months.person_token,
        months.month_start,
        months.month_number,
        sum(case when near.month_number < months.month_number then 1 else 0 end)
            as months_before,
        sum(case when near.month_number < months.month_number then near.contacts else 0 end)
            as contacts_before,
        sum(case when near.month_number > months.month_number then 1 else 0 end) as months_after,
        sum(case when near.month_number > months.month_number then near.contacts else 0 end)
            as contacts_after,
        sum(
            case
                when
                    near.month_number < months.month_number
                    and near.month_number >= months.month_number - policy.prior_use_months
                    then 1
                else 0
            end
        ) as prior_months,
        sum(
            case
                when
                    near.month_number < months.month_number
                    and near.month_number >= months.month_number - policy.prior_use_months
                    then near.contacts
                else 0
            end
        ) as prior_contacts,
        max(case when near.month_number = months.month_number - 1 then near.setting_rank end)
            as setting_rank
    from months
    cross join policy
    inner join months as near
        on
            months.agreement_reference = near.agreement_reference
            and months.person_token = near.person_token
            and near.month_number
            between months.month_number - policy.months_before
            and months.month_number + policy.months_after
    group by 1, 2, 3, 4, 5, 6

),

described as (

    select
        ---------- under which agreement, who, when
        around.agreement_reference,
        around.recipient_type,
        around.area_code,
        around.person_token,
        around.month_start,
        around.month_number,

        ---------- what persons are matched on
        persons.age_band,
        persons.sex,
        coalesce(around.setting_rank, 0) as setting_rank,
        bands.band as prior_use_band,

        ---------- use before and after the month
        around.prior_contacts,
        around.months_before,
        around.contacts_before,
        around.months_after,
        around.contacts_after
    from around
    cross join policy
    inner join persons
        on around.person_token = persons.person_token
    inner join bands
        on around.prior_contacts between bands.contacts_from and bands.contacts_to
    where around.prior_months = policy.prior_use_months

)

select * from described
