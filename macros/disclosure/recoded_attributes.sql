{# Columns: how a step of `recoding_steps` shows the attributes of `persons`, which carry every level. #}
{% macro recoded_attributes(persons) -%}
    case recoding_steps.age_level
            when 0 then {{ persons }}.age_band_five
            when 1 then {{ persons }}.age_band_ten
            when 2 then {{ persons }}.age_band_adult
            else '*'
        end as age_band,
        case recoding_steps.sex_level when 0 then {{ persons }}.sex_exact else '*' end as sex,
        case recoding_steps.ethnic_level when 0 then {{ persons }}.ethnic_exact else '*' end
            as ethnic_group,
        case recoding_steps.area_level
            when 0 then {{ persons }}.area_small
            else {{ persons }}.area_large
        end as area_code
{%- endmacro %}
