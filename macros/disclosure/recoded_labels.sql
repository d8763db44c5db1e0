{# Columns: how a step of `recoding_steps` shows the rows of `persons`, which carry every level, known
   side included. #}
{% macro recoded_labels(persons) -%}
        {{ recoded_attributes(persons) }},
        recoding_steps.known_level,
        case recoding_steps.known_level
            when 0 then {{ persons }}.known_0
            when 1 then {{ persons }}.known_1
            when 2 then {{ persons }}.known_2
            when 3 then {{ persons }}.known_3
            else '*'
        end as known_side
{%- endmacro %}
