{# The class that a reader of one release sees a person in, as a text: quarters and years without rows
   look the same. #}
{% macro visible_class(persons) -%}
    md5(concat_ws(
            '|',
            {{ persons }}.age_band,
            {{ persons }}.sex,
            {{ persons }}.ethnic_group,
            {{ persons }}.area_code,
            case
                when {{ persons }}.known_level < 2 then '0'
                else cast({{ persons }}.known_level as {{ dbt.type_string() }})
            end,
            {{ persons }}.known_side
        ))
{%- endmacro %}
