-- Guards outcomes: under a council's own agreement every case of a covered month is either in the
-- denominator or left out for a reason, where a person may count more than once.
with

cases as (

    select * from {{ ref('int_pathway_cases_listed') }}

),

measures as (

    select * from {{ ref('pathway_measures') }}
    where
        not is_once_a_person
        and population_age_band is null
        and denominator_days is null

),

covered as (

    select * from {{ ref('int_periods_covered') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}
    where geography_rule = 'submitted'

),

listed as (

    select
        agreements.agreement_reference,
        cases.measure,
        sum(case when cases.exclusion is null then cases.denominator else 0 end) as cases_counted
    from cases
    inner join measures
        on cases.measure = measures.measure
    inner join covered
        on
            cases.la_code = covered.la_code
            and {{ month_of('cases.case_date') }} = {{ month_of('covered.month_start') }}
    inner join agreements
        on cases.la_code = agreements.recipient_la_code
    inner join {{ ref('entitlements') }} as entitlements
        on
            agreements.agreement_reference = entitlements.agreement_reference
            and cases.la_code = entitlements.la_code
            and entitlements.product = 'pathway_outcomes'
            and entitlements.allowed
    inner join {{ ref('pathway_measures') }} as windows
        on
            cases.measure = windows.measure
            and windows.month_from is null
    left join {{ ref('pathway_categories') }} as categories
        on
            cases.measure = categories.measure
            and cases.category = categories.category
    where
        cases.category = 'any'
        or categories.category is not null
    group by 1, 2

),

-- Discharges of persons who are nobody's clients are no cases: they come as numbers.
others as (

    select
        agreements.agreement_reference,
        measures.measure,
        sum(discharges.discharges) as other_discharges
    from {{ ref('int_other_discharges_counted') }} as discharges
    inner join agreements
        on discharges.la_code = agreements.recipient_la_code
    inner join covered
        on
            discharges.la_code = covered.la_code
            and discharges.month_start = covered.month_start
    inner join measures
        on measures.counts_other_discharges
    group by 1, 2

),

counted as (

    select
        agreement_reference,
        measure,
        sum(denominator) as denominator
    from {{ ref('int_pathway_outcomes_counted') }}
    group by 1, 2

)

select
    listed.agreement_reference,
    listed.measure,
    listed.cases_counted,
    others.other_discharges,
    counted.denominator
from listed
left join others
    on
        listed.agreement_reference = others.agreement_reference
        and listed.measure = others.measure
left join counted
    on
        listed.agreement_reference = counted.agreement_reference
        and listed.measure = counted.measure
where
    listed.cases_counted + coalesce(others.other_discharges, 0)
    <> coalesce(counted.denominator, -1)
