{# How far two full names agree, 0 to 3: 2 for the given name, 1 for the first three letters of the
   family name. #}
{% macro names_agreement(left_given_name, right_given_name, left_family_name, right_family_name) -%}
    case when {{ given_names_agree(left_given_name, right_given_name) }} then 2 else 0 end
    + case
        when substr({{ left_family_name }}, 1, 3) = substr({{ right_family_name }}, 1, 3) then 1
        else 0
    end
{%- endmacro %}
