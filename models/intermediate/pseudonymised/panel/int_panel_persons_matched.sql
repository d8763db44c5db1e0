-- One row per agreement, intervention, person and month: those who started then, and those who
-- never did and agree with one of them in area, sex, age band, setting and prior use, with the
-- weight that makes the second group as the first. A start without enough of them has no weight.
with

months as (

    select * from {{ ref('int_panel_months_described') }}

),

starts as (

    select
        intervention,
        person_token,
        min(start_month) as start_month,
        count(*) - count(start_month) as started_before
    from {{ ref('int_intervention_starts') }}
    group by 1, 2

),

interventions as (

    select intervention from {{ ref('interventions') }}

),

policy as (

    select
        {{ policy_value('fewest_months_after', 'integer') }} as fewest_months_after,
        {{ policy_value('fewest_comparisons', 'integer') }} as fewest_comparisons
    from {{ ref('panel_policy') }}

),

eligible as (

    select months.*
    from months
    cross join policy
    where months.months_after >= policy.fewest_months_after

),

started as (

    select
        starts.intervention,
        eligible.*
    from eligible
    inner join starts
        on
            eligible.person_token = starts.person_token
            and eligible.month_start = starts.start_month
    where starts.started_before = 0

),

strata as (

    select
        intervention,
        agreement_reference,
        month_start,
        age_band,
        sex,
        setting_rank,
        prior_use_band,
        count(*) as started_persons
    from started
    group by 1, 2, 3, 4, 5, 6, 7

),

compared as (

    select
        strata.intervention,
        eligible.*,
        strata.started_persons
    from strata
    inner join eligible
        on
            strata.agreement_reference = eligible.agreement_reference
            and strata.month_start = eligible.month_start
            and strata.age_band = eligible.age_band
            and strata.sex = eligible.sex
            and strata.setting_rank = eligible.setting_rank
            and strata.prior_use_band = eligible.prior_use_band
    left join starts
        on
            strata.intervention = starts.intervention
            and eligible.person_token = starts.person_token
    where starts.person_token is null

),

compared_strata as (

    select
        intervention,
        agreement_reference,
        month_start,
        age_band,
        sex,
        setting_rank,
        prior_use_band,
        count(*) as compared_persons
    from compared
    group by 1, 2, 3, 4, 5, 6, 7

),

both_groups as (

    select
        started.*,
        cast(null as bigint) as started_persons,
        'started' as group_name
    from started
    union all
    select
        compared.*,
        'comparison' as group_name
    from compared

),

weighted as (

    select
        ---------- which group, who, when
        both_groups.agreement_reference,
        both_groups.recipient_type,
        both_groups.intervention,
        both_groups.group_name,
        both_groups.person_token,
        both_groups.month_start,
        both_groups.month_number,

        ---------- how much they count
        case
            when
                coalesce(compared_strata.compared_persons, 0) < policy.fewest_comparisons
                then 0.0
            when both_groups.group_name = 'started' then 1.0
            else cast(both_groups.started_persons as double) / compared_strata.compared_persons
        end as weight,

        ---------- use before and after
        both_groups.prior_contacts,
        {{ quotient('1.0 * both_groups.contacts_before', 'both_groups.months_before') }}
            as use_before,
        {{ quotient('1.0 * both_groups.contacts_after', 'both_groups.months_after') }}
            as use_after
    from both_groups
    cross join policy
    left join compared_strata
        on
            both_groups.intervention = compared_strata.intervention
            and both_groups.agreement_reference = compared_strata.agreement_reference
            and both_groups.month_start = compared_strata.month_start
            and both_groups.age_band = compared_strata.age_band
            and both_groups.sex = compared_strata.sex
            and both_groups.setting_rank = compared_strata.setting_rank
            and both_groups.prior_use_band = compared_strata.prior_use_band

)

select * from weighted
