-- One row per measure and cluster of reablement services that belongs to a discharge from
-- hospital of a person aged 65 and over, or whose person could not be traced: what became of the
-- person after it, and what keeps the case out.
with

services as (

    select * from {{ ref('int_services_dated') }}

),

measures as (

    select * from {{ ref('reablement_measures') }}

),

persons as (

    select * from {{ ref('int_persons_pseudonymised') }}

),

policy as (

    select
        {{ policy_value('cluster_days', 'integer') }} as cluster_days,
        {{ policy_value('days_before_start', 'integer') }} as days_before_start,
        {{ policy_value('days_after_start', 'integer') }} as days_after_start
    from {{ ref('pathway_policy') }}

),

care_home_stays as (

    select * from {{ ref('int_care_home_stays_merged') }}

),

spells as (

    select * from {{ ref('int_care_spells_stitched') }}

),

support_kinds as (

    select * from {{ ref('support_kinds') }}

),

hospital_stays as (

    select * from {{ ref('int_health_spells_joined') }}

),

deaths as (

    select * from {{ ref('int_deaths_reconciled') }}

),

{{ periods_of_councils('periods') }},

{{ stays_judged(
    'judged_stays', ref('int_health_spells_joined'), ['person_token', 'age_band_at_end']
) }},

counted_services as (

    select
        measures.measure,
        services.la_code,
        services.person_token,
        services.start_date,
        services.end_date,
        policy.cluster_days
    from services
    cross join policy
    inner join measures
        on
            (
                measures.component_included is null
                or services.service_component = measures.component_included
            )
            and coalesce(services.service_component, '')
            <> coalesce(measures.component_excluded, '-')
    where services.support = 'short_term_maximising'

),

{{ intervals_merged(
    'marked', 'counted_services', ['measure', 'la_code', 'person_token'], 'start_date', 'end_date',
    'cluster_days'
) }},

clusters as (

    select
        marked.measure,
        marked.la_code,
        marked.person_token,
        marked.island,
        max(case when persons.person_token_type = 'nhs_number' then 1 else 0 end) = 1
            as is_traced,
        min(marked.start_date) as cluster_start
    from marked
    inner join persons
        on
            marked.la_code = persons.la_code
            and marked.person_token = persons.person_token
    group by 1, 2, 3, 4

),

-- Of several discharges the latest wins, one that may count before one that may not.
belonging as (

    select
        clusters.*,
        judged_stays.admission_date,
        judged_stays.discharge_date,
        judged_stays.age_band_at_end,
        judged_stays.is_left_out,
        row_number() over (
            partition by
                clusters.measure, clusters.la_code, clusters.person_token, clusters.cluster_start
            order by
                judged_stays.is_left_out asc,
                judged_stays.discharge_date desc,
                judged_stays.admission_date desc
        ) as preference
    from clusters
    cross join policy
    inner join measures
        on clusters.measure = measures.measure
    inner join judged_stays
        on
            clusters.person_token = judged_stays.person_token
            and measures.exclusions = judged_stays.exclusions
            and clusters.cluster_start >= judged_stays.admission_date
            and judged_stays.discharge_date
            >= {{ days_added('clusters.cluster_start', '-policy.days_before_start') }}
            and judged_stays.discharge_date
            <= {{ days_added('clusters.cluster_start', 'policy.days_after_start') }}

),

linked as (

    select
        belonging.*,
        measures.is_judged_on_the_day,
        measures.excludes_earlier_care,
        {{ days_added('belonging.discharge_date', 'measures.follow_up_days') }} as follow_up_day
    from belonging
    inner join measures
        on belonging.measure = measures.measure
    where
        belonging.preference = 1
        and belonging.age_band_at_end = '65+'

),

in_earlier_care as (

    select distinct
        linked.measure,
        linked.la_code,
        linked.person_token,
        linked.cluster_start
    from linked
    inner join spells
        on
            linked.la_code = spells.la_code
            and linked.person_token = spells.person_token
            and linked.admission_date >= spells.start_date
            and coalesce(spells.end_date, linked.admission_date) >= linked.admission_date
    inner join support_kinds
        on spells.support = support_kinds.support
    where
        linked.excludes_earlier_care
        and (support_kinds.is_care_home or spells.support = 'long_term_prison')

),

in_care_home as (

    select distinct
        linked.measure,
        linked.la_code,
        linked.person_token,
        linked.cluster_start
    from linked
    inner join care_home_stays
        on
            linked.la_code = care_home_stays.la_code
            and linked.person_token = care_home_stays.person_token
            and (
                (
                    linked.is_judged_on_the_day
                    and linked.follow_up_day >= care_home_stays.start_date
                    and coalesce(care_home_stays.end_date, linked.follow_up_day)
                    >= linked.follow_up_day
                )
                or (
                    not linked.is_judged_on_the_day
                    and linked.discharge_date <= care_home_stays.start_date
                    and linked.follow_up_day >= care_home_stays.start_date
                )
            )

),

in_hospital as (

    select distinct
        linked.measure,
        linked.la_code,
        linked.person_token,
        linked.cluster_start
    from linked
    inner join hospital_stays
        on
            linked.person_token = hospital_stays.person_token
            and (
                (
                    linked.is_judged_on_the_day
                    and linked.follow_up_day >= hospital_stays.admission_date
                    and (
                        hospital_stays.discharge_date is null
                        or linked.follow_up_day < hospital_stays.discharge_date
                    )
                )
                or (
                    not linked.is_judged_on_the_day
                    and hospital_stays.activity_type = 'emergency_admission'
                    and not hospital_stays.is_zero_length
                    and linked.cluster_start < hospital_stays.admission_date
                    and linked.discharge_date < hospital_stays.admission_date
                    and linked.follow_up_day >= hospital_stays.admission_date
                )
            )

),

followed as (

    select
        ---------- which case
        linked.measure,
        linked.la_code,
        linked.person_token,
        linked.cluster_start,
        linked.admission_date,
        linked.discharge_date,
        linked.follow_up_day,

        ---------- what became of it
        coalesce(deaths.died_on <= linked.follow_up_day, false) as has_died,
        in_hospital.cluster_start is not null as is_in_hospital,
        in_care_home.cluster_start is not null as is_in_care_home,

        ---------- what keeps it out
        case
            when linked.follow_up_day > periods.last_day then 'not_covered'
            when linked.is_left_out then 'activity'
            when in_earlier_care.cluster_start is not null then 'earlier_care'
        end as exclusion
    from linked
    inner join periods
        on linked.la_code = periods.la_code
    left join deaths
        on linked.person_token = deaths.person_token
    {%- for relation in ['in_earlier_care', 'in_care_home', 'in_hospital'] %}
    left join {{ relation }}
        on
            linked.measure = {{ relation }}.measure
            and linked.la_code = {{ relation }}.la_code
            and linked.person_token = {{ relation }}.person_token
            and linked.cluster_start = {{ relation }}.cluster_start
    {%- endfor %}

),

with_untraced as (

    select * from followed
    union all
    select
        measure,
        la_code,
        person_token,
        cluster_start,
        cluster_start as admission_date,
        cluster_start as discharge_date,
        cluster_start as follow_up_day,
        cast(null as boolean) as has_died,
        cast(null as boolean) as is_in_hospital,
        cast(null as boolean) as is_in_care_home,
        'not_traced' as exclusion
    from clusters
    where not is_traced

)

select * from with_untraced
