-- Guards cohorts: persons in long-term nursing, residential and community support at the end of a
-- month are those whose spell of that kind goes on then.
with

counted as (

    select
        agreement_reference,
        month_start,
        cohort,
        sum(persons) as persons
    from {{ ref('int_cohorts_counted') }}
    where cohort in ('long_term_nursing', 'long_term_residential', 'long_term_community')
    group by 1, 2, 3

),

adults as (

    select
        la_code,
        person_token
    from {{ ref('int_persons_pseudonymised') }}
    where age_band_cohort not in ('0-17', 'Unknown')

),

timeline as (

    select
        months_entitled.agreement_reference,
        months_entitled.month_start,
        spells.support as cohort,
        count(distinct spells.person_token) as persons
    from {{ ref('int_months_entitled') }} as months_entitled
    inner join {{ ref('entitlements') }} as entitlements
        on
            months_entitled.agreement_reference = entitlements.agreement_reference
            and months_entitled.la_code = entitlements.la_code
            and entitlements.product = 'cohort_monthly'
            and entitlements.allowed
    inner join {{ ref('int_care_spells_stitched') }} as spells
        on
            months_entitled.la_code = spells.la_code
            and months_entitled.person_token = spells.person_token
            and {{ last_day_of_month('months_entitled.month_start') }} >= spells.start_date
            and (
                spells.end_date is null
                or {{ last_day_of_month('months_entitled.month_start') }} <= spells.end_date
            )
    inner join adults
        on
            spells.la_code = adults.la_code
            and spells.person_token = adults.person_token
    group by 1, 2, 3

)

select
    counted.agreement_reference,
    counted.month_start,
    counted.cohort,
    counted.persons
from counted
left join timeline
    on
        counted.agreement_reference = timeline.agreement_reference
        and counted.month_start = timeline.month_start
        and counted.cohort = timeline.cohort
where counted.persons <> coalesce(timeline.persons, 0)
