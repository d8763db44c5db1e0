{# Whether two names are one name misspelt: alike to the seeded degree, or one change apart in names
   of four letters or more, an exchange of neighbours counting as one. #}
{% macro texts_are_alike(left_text, right_text, similarity) -%}
    (
        {{ text_similarity(left_text, right_text) }} >= {{ similarity }}
        or (
            least(length({{ left_text }}), length({{ right_text }})) >= 4
            and {{ text_changes(left_text, right_text) }} = 1
        )
    )
{%- endmacro %}
