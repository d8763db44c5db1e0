{# How near two family names in capitals are, 1 (nearest) to 6; see family_name_levels. Of a double
   name either half counts as alike. #}
{% macro family_name_rank(left_family, right_family, left_given, right_given, similarity) -%}
    case
        when {{ left_family }} is null or {{ right_family }} is null then 6
        when {{ left_family }} = {{ right_family }} then 1
        when {{ left_given }} = {{ right_family }} and {{ right_given }} = {{ left_family }} then 4
        when
            {{ texts_are_alike(left_family, right_family, similarity) }}
            or (
                {{ left_family }} like '% %'
                and concat(' ', {{ left_family }}, ' ') like concat('% ', {{ right_family }}, ' %')
            )
            or (
                {{ right_family }} like '% %'
                and concat(' ', {{ right_family }}, ' ') like concat('% ', {{ left_family }}, ' %')
            )
            then 2
        else 5
    end
{%- endmacro %}

{% macro family_name_levels() -%}
    {{ return(['exact', 'similar', 'similar', 'exchanged', 'other', 'missing']) }}
{%- endmacro %}
