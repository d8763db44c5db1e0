-- Guards population needs: users of an agreement are its persons in support in any month, whose age
-- and sex have a population to be set against.
with

counted as (

    select
        agreement_reference,
        sum(users) as users
    from {{ ref('int_needs_counted') }}
    group by 1

),

timeline as (

    select
        months_entitled.agreement_reference,
        count(distinct months.person_token) as users
    from {{ ref('int_months_entitled') }} as months_entitled
    inner join {{ ref('entitlements') }} as entitlements
        on
            months_entitled.agreement_reference = entitlements.agreement_reference
            and months_entitled.la_code = entitlements.la_code
            and entitlements.product = 'population_needs'
            and entitlements.allowed
    inner join {{ ref('int_person_months_observed') }} as months
        on
            months_entitled.la_code = months.la_code
            and months_entitled.person_token = months.person_token
            and months_entitled.month_start = months.month_start
            and months.is_supported
    inner join (
        select
            person_token,
            min(age_band_cohort) as age_band,
            min({{ sex_counted('sex') }}) as sex
        from {{ ref('int_persons_pseudonymised') }}
        group by 1
    ) as persons
        on months.person_token = persons.person_token
    where
        persons.age_band not in ('0-17', 'Unknown')
        and persons.sex in ('Male', 'Female')
    group by 1

)

select
    counted.agreement_reference,
    counted.users
from counted
left join timeline
    on counted.agreement_reference = timeline.agreement_reference
where counted.users <> coalesce(timeline.users, 0)
