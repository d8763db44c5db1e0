-- One row per agreement, measure, category and period: exact numerators and denominators, before
-- protection, with the persons left out by reason and what protection needs to know. Where days are
-- counted, their quartiles too, with how many persons lie on the side of each that has fewer.
{% set quartiles = [('lower_quartile', 0.25), ('median', 0.5), ('upper_quartile', 0.75)] %}
{% set reasons = ['not_covered', 'not_traced', 'earlier_care', 'outcome', 'activity'] %}
with

cases as (

    select * from {{ ref('int_pathway_cases_listed') }}

),

measures as (

    select * from {{ ref('pathway_measures') }}

),

categories as (

    select
        measures.measure,
        coalesce(categories.category, 'any') as category
    from measures
    left join {{ ref('pathway_categories') }} as categories
        on measures.measure = categories.measure

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

entitlements as (

    select * from {{ ref('entitlements') }}
    where
        product = 'pathway_outcomes'
        and allowed

),

covered as (

    select * from {{ ref('int_periods_covered') }}

),

residences as (

    select * from {{ ref('int_residences_dated') }}

),

residents as (

    select
        area_code,
        case when age_band = '18-64' then '18-64' else '65+' end as age_band,
        sum(population) as population
    from {{ ref('int_residents_counted') }}
    group by 1, 2

),

-- A measure of some months of the year has a period a year; any other has one, of all months.
months as (

    select distinct
        entitlements.agreement_reference,
        measures.measure,
        covered.month_start,
        case
            when measures.month_from is not null
                then cast(extract(year from covered.month_start) as integer)
            else 0
        end as window_year
    from entitlements
    inner join covered
        on entitlements.la_code = covered.la_code
    inner join measures
        on
            extract(month from covered.month_start) >= coalesce(measures.month_from, 1)
            and extract(month from covered.month_start) <= coalesce(measures.month_to, 12)

),

periods as (

    select
        agreement_reference,
        measure,
        window_year,
        min(month_start) as first_day,
        {{ last_day_of_month('max(month_start)') }} as last_day,
        count(*) as months_covered,
        {{ month_of('min(month_start)') }} || '/' || {{ month_of('max(month_start)') }} as period
    from months
    group by 1, 2, 3

),

-- Grouped so that cases meet one small table: joined one by one, the cases of all councils would be
-- repeated for every agreement before it was asked whose they are.
case_months as (

    select
        periods.agreement_reference,
        periods.period,
        periods.measure,
        entitlements.la_code,
        covered.month_start
    from periods
    inner join entitlements
        on periods.agreement_reference = entitlements.agreement_reference
    inner join covered
        on
            entitlements.la_code = covered.la_code
            and covered.month_start between periods.first_day and periods.last_day
    group by 1, 2, 3, 4, 5

),

entitled as (

    select
        case_months.agreement_reference,
        case_months.period,
        cases.measure,
        cases.category,
        cases.person_token,
        cases.numerator,
        cases.denominator,
        cases.exclusion,
        measures.is_once_a_person,
        measures.has_days,
        row_number() over (
            partition by
                case_months.agreement_reference,
                case_months.period,
                cases.measure,
                cases.person_token,
                case when cases.exclusion is null then 'counted' else 'left_out' end
            order by cases.case_date asc, cases.la_code asc, cases.numerator asc nulls last
        ) as turn
    from cases
    inner join measures
        on cases.measure = measures.measure
    inner join case_months
        on
            cases.la_code = case_months.la_code
            and cases.measure = case_months.measure
            and {{ month_start_of('cases.case_date') }} = case_months.month_start
    inner join agreements
        on case_months.agreement_reference = agreements.agreement_reference
    inner join residences
        on
            cases.la_code = residences.la_code
            and cases.person_token = residences.person_token
            and cases.case_date between residences.valid_from and residences.valid_to
    where {{ lies_in_geography('agreements', 'residences') }}

),

by_person as (

    select
        agreement_reference,
        period,
        measure,
        category,
        person_token,
        {%- for reason in reasons %}
        max(case when exclusion = '{{ reason }}' then 1 else 0 end) as {{ reason }},
        {%- endfor %}
        sum(case when exclusion is null then numerator else 0 end) as numerator,
        sum(case when exclusion is null then denominator else 0 end) as denominator
    from entitled
    where
        not is_once_a_person
        or exclusion is not null
        or turn = 1
    group by 1, 2, 3, 4, 5

),

counted as (

    select
        agreement_reference,
        period,
        measure,
        category,
        {%- for reason in reasons %}
        sum({{ reason }}) as excluded_{{ reason }},
        {%- endfor %}
        sum(numerator) as numerator,
        count(*) filter (where numerator > 0) as numerator_persons,
        {{ largest_amount('numerator') }} as numerator_largest,
        sum(denominator) as denominator,
        count(*) filter (where denominator > 0) as denominator_persons,
        count(*) filter (where denominator > numerator) as difference_persons
    from by_person
    group by 1, 2, 3, 4

),

quartiles as (

    select
        {%- for quartile, share in quartiles %}
        {{ amount_at(share, 'numerator') }} as {{ quartile }}_days,
        {%- endfor %}
        agreement_reference,
        period,
        measure,
        category
    from entitled
    where
        has_days
        and exclusion is null
    group by 4, 5, 6, 7

),

sides as (

    select
        {%- for quartile, _ in quartiles %}
        count(distinct case
            when entitled.numerator < quartiles.{{ quartile }}_days then entitled.person_token
        end) as {{ quartile }}_below,
        count(distinct case
            when entitled.numerator > quartiles.{{ quartile }}_days then entitled.person_token
        end) as {{ quartile }}_above,
        {%- endfor %}
        quartiles.agreement_reference,
        quartiles.period,
        quartiles.measure,
        quartiles.category
    from quartiles
    inner join entitled
        on
            quartiles.agreement_reference = entitled.agreement_reference
            and quartiles.period = entitled.period
            and quartiles.measure = entitled.measure
            and quartiles.category = entitled.category
            and entitled.exclusion is null
    group by 7, 8, 9, 10

),

-- Of persons who are nobody's clients only numbers are known: at least as many persons as in the
-- month that has most.
other_discharges as (

    select
        periods.agreement_reference,
        periods.period,
        periods.measure,
        discharges.care_before as category,
        discharges.month_start,
        sum(discharges.discharges) as discharges,
        sum(discharges.persons) as persons
    from periods
    inner join measures
        on
            periods.measure = measures.measure
            and measures.counts_other_discharges
    inner join agreements
        on periods.agreement_reference = agreements.agreement_reference
    inner join entitlements
        on agreements.agreement_reference = entitlements.agreement_reference
    inner join {{ ref('int_other_discharges_counted') }} as discharges
        on
            entitlements.la_code = discharges.la_code
            and discharges.month_start between periods.first_day and periods.last_day
    inner join covered
        on
            discharges.la_code = covered.la_code
            and discharges.month_start = covered.month_start
    where {{ lies_in_geography('agreements', 'discharges') }}
    group by 1, 2, 3, 4, 5

),

others_totalled as (

    select
        agreement_reference,
        period,
        measure,
        category,
        sum(discharges) as discharges,
        max(persons) as persons
    from other_discharges
    group by 1, 2, 3, 4

),

filled as (

    select
        ---------- where
        periods.agreement_reference,
        agreements.recipient_type,
        periods.period,
        agreements.recipient_ons_code as area_code,
        periods.measure,
        categories.category,
        measures.definition_year,
        measures.definition_id,
        measures.scale,
        measures.population_age_band is null and measures.denominator_days is null
        and measures.scale = 100 as is_share,

        ---------- persons left out
        {%- for reason in reasons %}
        cast(coalesce(counted.excluded_{{ reason }}, 0) as bigint) as excluded_{{ reason }},
        {%- endfor %}

        ---------- quartiles of days, and persons on the side of each that has fewer
        {%- for quartile, _ in quartiles %}
        cast(quartiles.{{ quartile }}_days as double) as {{ quartile }}_days,
        coalesce(least(sides.{{ quartile }}_below, sides.{{ quartile }}_above), 0)
            as {{ quartile }}_persons,
        {%- endfor %}

        ---------- numerator and denominator, and who makes them up
        cast(coalesce(counted.numerator, 0) as bigint) as numerator,
        coalesce(counted.numerator_persons, 0) as numerator_persons,
        cast(coalesce(counted.numerator_largest, 0) as bigint) as numerator_largest,
        cast(
            case
                when measures.population_age_band is not null
                    then round(residents.population * periods.months_covered / 12.0)
                when measures.denominator_days is not null
                    then round(coalesce(counted.denominator, 0) * 1.0 / measures.denominator_days)
                else coalesce(counted.denominator, 0) + coalesce(others_totalled.discharges, 0)
            end as bigint
        ) as denominator,
        case
            when measures.population_age_band is not null then residents.population
            else
                cast(
                    coalesce(counted.denominator_persons, 0) + coalesce(others_totalled.persons, 0)
                    as bigint
                )
        end as denominator_persons,
        cast(
            coalesce(counted.difference_persons, 0) + coalesce(others_totalled.persons, 0) as bigint
        ) as difference_persons
    from periods
    inner join categories
        on periods.measure = categories.measure
    inner join measures
        on periods.measure = measures.measure
    inner join agreements
        on periods.agreement_reference = agreements.agreement_reference
    left join residents
        on
            agreements.recipient_ons_code = residents.area_code
            and measures.population_age_band = residents.age_band
    left join counted
        on
            periods.agreement_reference = counted.agreement_reference
            and periods.period = counted.period
            and periods.measure = counted.measure
            and categories.category = counted.category
    {%- for relation in ['others_totalled', 'quartiles', 'sides'] %}
    left join {{ relation }}
        on
            periods.agreement_reference = {{ relation }}.agreement_reference
            and periods.period = {{ relation }}.period
            and periods.measure = {{ relation }}.measure
            and categories.category = {{ relation }}.category
    {%- endfor %}

)

select * from filled
