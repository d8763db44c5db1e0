{# Whether two names are one name misspelt: alike to the seeded degree, or one change apart in names
   of four letters or more, an exchange of neighbours counting as one. Both leave the first or the last
   letter as it is; asking for that first spares most of the work. #}
{% macro texts_are_alike(left_text, right_text, similarity) -%}
    (
        case
            when
                left({{ left_text }}, 1) = left({{ right_text }}, 1)
                or right({{ left_text }}, 1) = right({{ right_text }}, 1)
                then
                    {{ text_similarity(left_text, right_text) }} >= {{ similarity }}
                    or (
                        least(length({{ left_text }}), length({{ right_text }})) >= 4
                        and {{ text_changes(left_text, right_text) }} = 1
                    )
            else false
        end
    )
{%- endmacro %}
