{# CTEs `person_months_<product>` of one row per agreement, person and month that the product may count:
   councils that may not be in it are left out, and whoever is two councils' client stands once, with
   the care of both and the health care of one person. #}
{% macro entitled_person_months(product) -%}
person_months_{{ product }} as (

    select
        months_entitled.agreement_reference,
        months_entitled.recipient_type,
        months_entitled.area_code,
        months_observed.person_token,
        months_observed.month_start,
        max(months_observed.days_observed) as days_observed,
        max(months_observed.days_known) as days_known,
        max(case when months_observed.is_traced then 1 else 0 end) = 1 as is_traced,
        max(case when months_observed.is_supported then 1 else 0 end) = 1 as is_supported,
        min(months_observed.setting_rank) as setting_rank,
        sum(months_observed.care_cost_pounds) as care_cost_pounds,
        sum(months_observed.personal_budget_pounds) as personal_budget_pounds,
        max(months_observed.emergency_admissions) as emergency_admissions,
        max(months_observed.planned_admissions) as planned_admissions,
        max(months_observed.emergency_attendances) as emergency_attendances,
        max(months_observed.health_cost_pounds) as health_cost_pounds
    from {{ ref('int_months_entitled') }} as months_entitled
    inner join {{ ref('entitlements') }} as entitlements
        on
            months_entitled.agreement_reference = entitlements.agreement_reference
            and months_entitled.la_code = entitlements.la_code
            and entitlements.product = '{{ product }}'
            and entitlements.allowed
    inner join {{ ref('int_person_months_observed') }} as months_observed
        on
            months_entitled.la_code = months_observed.la_code
            and months_entitled.person_token = months_observed.person_token
            and months_entitled.month_start = months_observed.month_start
    group by 1, 2, 3, 4, 5

)
{%- endmacro %}
