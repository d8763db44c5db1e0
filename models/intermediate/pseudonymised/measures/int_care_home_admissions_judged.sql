-- One row per start of a stay in care homes: whether it is a new long-term admission.
with

stays as (

    select * from {{ ref('int_care_home_stays_merged') }}

),

policy as (

    select
        {{ policy_value('new_admission_days', 'integer') }} as new_admission_days,
        max(case when parameter = 'self_funded_outcome' then value end) as self_funded_outcome
    from {{ ref('pathway_policy') }}

),

ordered as (

    select
        stays.*,
        coalesce(stays.last_outcome = policy.self_funded_outcome, false) as is_self_funded,
        policy.new_admission_days
    from stays
    cross join policy

),

followed as (

    select
        *,
        lag(end_date) over (
            partition by la_code, person_token, is_self_funded
            order by start_date
        ) as previous_end_date
    from ordered

),

judged as (

    select
        ---------- who, when
        la_code,
        person_token,
        age_band_at_start,
        start_date,
        end_date,

        ---------- what keeps it out
        case
            when is_self_funded then 'outcome'
            when {{ days_added('previous_end_date', 'new_admission_days') }} > start_date
                then 'earlier_care'
        end as exclusion
    from followed

)

select * from judged
