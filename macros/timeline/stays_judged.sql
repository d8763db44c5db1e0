{# CTE `<name>`: every hospital stay that has ended, once for each family of exclusions, with whether a
   code of the family keeps it out. #}
{% macro stays_judged(name) -%}
{{ name }}_families as (

    select distinct exclusions
    from {{ ref('discharge_exclusions') }}

),

{{ name }} as (

    select
        stays.person_token,
        stays.admission_date,
        stays.discharge_date,
        stays.age_band_at_end,
        families.exclusions,
        count(exclusions.field) > 0 as is_left_out
    from {{ ref('int_health_spells_joined') }} as stays
    cross join {{ name }}_families as families
    left join {{ ref('discharge_exclusions') }} as exclusions
        on
            families.exclusions = exclusions.exclusions
            and exclusions.code_prefix = substr(
                case exclusions.field
                    when 'zero_length' then case when stays.is_zero_length then 'true' end
                    when 'admission_method' then stays.admission_method
                    when 'discharge_method' then stays.discharge_method
                    when 'discharge_destination' then stays.discharge_destination
                    when 'treatment_function_code' then stays.treatment_function_code
                    when 'primary_diagnosis' then stays.primary_diagnosis
                end,
                1,
                length(exclusions.code_prefix)
            )
    where stays.discharge_date is not null
    group by 1, 2, 3, 4, 5

)
{%- endmacro %}
