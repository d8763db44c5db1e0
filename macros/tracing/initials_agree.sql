{# Whether two names, given by their Soundex codes as numbers, begin with one letter; true when
   either is unknown. 19530 (SMITH) and 19350 (STONE): true. #}
{% macro initials_agree(left_sound, right_sound) -%}
    coalesce(
        {{ left_sound }} - {{ left_sound }} % 1000 = {{ right_sound }} - {{ right_sound }} % 1000,
        true
    )
{%- endmacro %}
