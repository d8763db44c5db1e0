{# CTE `<name>`: every hospital stay of the relation `stays` that has ended, once for each family of
   exclusions, with whether a code of the family keeps it out. `kept` are the columns that say which
   stay it is and what else is kept of it. #}
{% macro stays_judged(name, stays, kept) -%}
{{ name }}_families as (

    select distinct exclusions
    from {{ ref('discharge_exclusions') }}

),

{{ name }} as (

    select
        {%- for column in kept %}
        stays.{{ column }},
        {%- endfor %}
        stays.admission_date,
        stays.discharge_date,
        families.exclusions,
        count(exclusions.field) > 0 as is_left_out
    from {{ stays }} as stays
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
    group by {% for place in range(1, kept | length + 4) %}{{ place }}{{ ', ' if not loop.last }}{% endfor %}

)
{%- endmacro %}
