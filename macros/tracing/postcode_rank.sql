{# How near an index address is to the postcode of a record, 1 (nearest) to 8; see postcode_levels.
   One wrong character leads to a neighbour in the same sector or to anywhere: two levels.
   An address counts as current when the person lives there now or did on the day of the event. #}
{% macro postcode_rank(record, variant, variant_postcode, day) -%}
    case
        when {{ record }}.district_id is null or {{ variant }}.district_id is null then 8
        when {{ record }}.postcode_id = {{ variant }}.postcode_id
            then
                case
                    when
                        {{ variant }}.valid_to = date '9999-12-31'
                        or {{ day }} between {{ variant }}.valid_from and {{ variant }}.valid_to
                        then 1
                    else 2
                end
        when {{ text_changes(record ~ '.postcode', variant_postcode) }} = 1
            then case when {{ record }}.sector_id = {{ variant }}.sector_id then 3 else 4 end
        when {{ record }}.sector_id = {{ variant }}.sector_id then 5
        when {{ record }}.district_id = {{ variant }}.district_id then 6
        else 7
    end
{%- endmacro %}

{% macro postcode_levels() -%}
    {{ return(['exact_current', 'exact_former', 'one_character', 'misspelt', 'sector', 'district', 'other',
        'missing']) }}
{%- endmacro %}
