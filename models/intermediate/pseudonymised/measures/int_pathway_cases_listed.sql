-- One row per case of an outcome measure, under one shape: what it adds to numerator and
-- denominator, or the reason why it is left out.
with

reablement as (

    select * from {{ ref('int_reablement_followed') }}

),

days_at_home as (

    select * from {{ ref('int_days_at_home_followed') }}

),

survival_days as (

    select * from {{ ref('survival_days') }}

),

reached as (

    select * from {{ ref('int_reablement_reached') }}

),

discharges as (

    select * from {{ ref('int_discharges_described') }}
    where is_client_there

),

admissions as (

    select * from {{ ref('int_care_home_admissions_judged') }}

),

short_term as (

    select * from {{ ref('int_short_term_episodes_followed') }}

),

clients_at_end as (

    select * from {{ ref('int_clients_at_end_described') }}

),

care_home_use as (

    select * from {{ ref('int_care_home_use_observed') }}

),

readmissions as (

    select * from {{ ref('int_readmissions_followed') }}

),

days_before_care as (

    select * from {{ ref('int_hospital_days_before_care') }}

),

waits as (

    select * from {{ ref('int_waits_followed') }}

),

new_clients as (

    select * from {{ ref('int_new_clients_waited') }}

),

targets as (

    select * from {{ ref('waiting_targets') }}

),

policy as (

    select {{ policy_value('waiting_days', 'integer') }} as waiting_days
    from {{ ref('report_policy') }}

),

measures as (

    select * from {{ ref('pathway_measures') }}

),

{{ periods_of_councils('periods') }},

listed as (

    select
        measure,
        'any' as category,
        la_code,
        person_token,
        discharge_date as case_date,
        case when has_died or is_in_hospital or is_in_care_home then 0 else 1 end as numerator,
        1 as denominator,
        exclusion
    from reablement
    union all
    select
        'at_home_by_day' as measure,
        survival_days.category,
        days_at_home.la_code,
        days_at_home.person_token,
        days_at_home.discharge_date as case_date,
        case
            when
                days_at_home.left_home_on
                <= {{ days_added('days_at_home.discharge_date', 'survival_days.days') }}
                then 0
            else 1
        end as numerator,
        1 as denominator,
        days_at_home.exclusion
    from days_at_home
    cross join survival_days
    union all
    select
        'reablement_after_discharge' as measure,
        care_before as category,
        la_code,
        person_token,
        discharge_date as case_date,
        1 as numerator,
        0 as denominator,
        exclusion
    from reached
    union all
    select
        'reablement_after_discharge' as measure,
        care_before as category,
        la_code,
        person_token,
        discharge_date as case_date,
        0 as numerator,
        1 as denominator,
        exclusion
    from discharges
    union all
    select
        measures.measure,
        'any' as category,
        admissions.la_code,
        admissions.person_token,
        admissions.start_date as case_date,
        1 as numerator,
        0 as denominator,
        admissions.exclusion
    from admissions
    inner join measures
        on
            admissions.age_band_at_start = measures.population_age_band
            and measures.measure like 'long_term_admissions%'
    union all
    select
        'short_term_no_long_term' as measure,
        'any' as category,
        la_code,
        person_token,
        end_date as case_date,
        case when is_followed_by_long_term then 0 else 1 end as numerator,
        1 as denominator,
        exclusion
    from short_term
    union all
    select
        measure,
        'any' as category,
        la_code,
        person_token,
        last_day as case_date,
        case when is_reached then 1 else 0 end as numerator,
        1 as denominator,
        cast(null as {{ dbt.type_string() }}) as exclusion
    from clients_at_end
    {%- for use in ['admissions', 'attendances'] %}
    union all
    select
        'care_home_emergency_{{ use }}' as measure,
        'any' as category,
        la_code,
        person_token,
        month_start as case_date,
        emergency_{{ use }} as numerator,
        resident_days as denominator,
        case when not is_traced then 'not_traced' end as exclusion
    from care_home_use
    {%- endfor %}
    union all
    select
        'readmissions_30_days' as measure,
        care_setting as category,
        la_code,
        person_token,
        discharge_date as case_date,
        case when is_readmitted then 1 else 0 end as numerator,
        1 as denominator,
        exclusion
    from readmissions
    union all
    select
        'hospital_days_before_care' as measure,
        support as category,
        la_code,
        person_token,
        start_date as case_date,
        days_in_hospital as numerator,
        1 as denominator,
        cast(null as {{ dbt.type_string() }}) as exclusion
    from days_before_care
    union all
    select
        waits.measure,
        targets.category,
        waits.la_code,
        waits.person_token,
        waits.event_start_date as case_date,
        case when waits.days_waited <= targets.days then 1 else 0 end as numerator,
        1 as denominator,
        case
            when {{ days_added('waits.event_start_date', 'targets.days') }} > periods.last_day
                then 'not_covered'
        end as exclusion
    from waits
    cross join targets
    inner join periods
        on waits.la_code = periods.la_code
    union all
    select
        waits.measure || '_days' as measure,
        'any' as category,
        waits.la_code,
        waits.person_token,
        waits.event_start_date as case_date,
        coalesce(waits.days_waited, 0) as numerator,
        1 as denominator,
        case
            when
                {{ days_added('waits.event_start_date', 'policy.waiting_days') }}
                > periods.last_day
                then 'not_covered'
            when waits.days_waited is null then 'outcome'
        end as exclusion
    from waits
    cross join policy
    inner join periods
        on waits.la_code = periods.la_code
    union all
    select
        measure,
        category,
        la_code,
        person_token,
        case_date,
        coalesce(days_waited, 0) as numerator,
        1 as denominator,
        exclusion
    from new_clients

)

select * from listed
