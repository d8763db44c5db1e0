{# How near two given names in capitals are, 1 (nearest) to 7; see given_name_levels. An initial says
   little: one person in twelve has it. #}
{% macro given_name_rank(left_given, right_given, left_family, right_family, is_short_form, similarity) -%}
    case
        when {{ left_given }} is null or {{ right_given }} is null then 7
        when {{ left_given }} = {{ right_given }} then 1
        when length({{ left_given }}) = 1 or length({{ right_given }}) = 1
            then case when left({{ left_given }}, 1) = left({{ right_given }}, 1) then 5 else 6 end
        when
            {{ is_short_form }}
            or {{ begins_with(left_given, right_given) }}
            or {{ begins_with(right_given, left_given) }}
            then 2
        when {{ left_given }} = {{ right_family }} and {{ right_given }} = {{ left_family }} then 4
        when {{ texts_are_alike(left_given, right_given, similarity) }} then 3
        else 6
    end
{%- endmacro %}

{% macro given_name_levels() -%}
    {{ return(['exact', 'short_form', 'similar', 'exchanged', 'initial', 'other', 'missing']) }}
{%- endmacro %}
