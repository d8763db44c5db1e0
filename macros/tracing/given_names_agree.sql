{# Whether two given names in capitals are one: equal, one the beginning of the other (CHRIS and
   CHRISTOPHER, an initial), or one letter apart in names of five letters or more (KATHRYN and
   KATHRIN). CHRISTIAN and CHRISTOPHER are two: twins are often named alike. Null gives null. #}
{% macro given_names_agree(left_name, right_name) -%}
    (
        {{ begins_with(left_name, right_name) }}
        or {{ begins_with(right_name, left_name) }}
        or (
            least(length({{ left_name }}), length({{ right_name }})) >= 5
            and levenshtein({{ left_name }}, {{ right_name }}) = 1
        )
    )
{%- endmacro %}
