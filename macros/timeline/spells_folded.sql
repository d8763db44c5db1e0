{# CTE `<name>`: hospital spells of the extract, the episodes of each in one row under the number that
   the extract shows. The first episode says how and where somebody came, the last one how and where
   they went. A spell has one tariff, whether it stands on one of its episodes or on all. A row that no
   spell is named on is a spell. #}
{% macro spells_folded(name) -%}
{{ name }} as (

    select
        nhs_number,
        provider_code,
        spell_id,
        min_by(admission_method, admission_date) as admission_method,
        min(admission_date) as admission_date,
        case when count(*) = count(discharge_date) then max(discharge_date) end as discharge_date,
        min_by(primary_diagnosis, admission_date) as primary_diagnosis,
        max_by(discharge_method, coalesce(discharge_date, date '9999-12-31')) as discharge_method,
        max_by(discharge_destination, coalesce(discharge_date, date '9999-12-31'))
            as discharge_destination,
        min_by(treatment_function_code, admission_date) as treatment_function_code,
        min_by(gp_practice_code, admission_date) as gp_practice_code,
        min_by(lsoa11, admission_date) as lsoa11,
        max(tariff_cost) as tariff_cost
    from {{ ref('stg_health__admissions') }}
    where
        admission_date is not null
        and spell_id is not null
    group by 1, 2, 3
    union all
    select
        nhs_number,
        provider_code,
        spell_id,
        admission_method,
        admission_date,
        discharge_date,
        primary_diagnosis,
        discharge_method,
        discharge_destination,
        treatment_function_code,
        gp_practice_code,
        lsoa11,
        tariff_cost
    from {{ ref('stg_health__admissions') }}
    where spell_id is null

)
{%- endmacro %}
