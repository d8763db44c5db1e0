{# How far two full names agree, 0 to 3: 2 for the given name, 1 for the first three letters of the
   family name. The arguments are the names of two relations with given_name and family_name. #}
{% macro names_agreement(left_person, right_person) -%}
    case
        when
            {{ given_names_agree(left_person ~ '.given_name', right_person ~ '.given_name') }}
            then 2
        else 0
    end
    + case
        when
            substr({{ left_person }}.family_name, 1, 3)
            = substr({{ right_person }}.family_name, 1, 3)
            then 1
        else 0
    end
{%- endmacro %}
