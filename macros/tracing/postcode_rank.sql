{# How near an index address is to the postcode of a record, 1 (nearest) to 9; see postcode_levels.
   One wrong character leads to a neighbour in the same sector, to another sector of the district, or
   to anywhere: three levels.
   An address counts as current when the person lives there now or did on the day of the event. #}
{% macro postcode_rank(record, variant, variant_postcode, day) -%}
    case
        when {{ record }}.district_id is null or {{ variant }}.district_id is null then 9
        when {{ record }}.postcode_id = {{ variant }}.postcode_id
            then
                case
                    when
                        {{ variant }}.valid_to = date '9999-12-31'
                        or {{ day }} between {{ variant }}.valid_from and {{ variant }}.valid_to
                        then 1
                    else 2
                end
        -- One change leaves the sector, one half of the postcode, or district and unit whole.
        when
            (
                {{ record }}.sector_id = {{ variant }}.sector_id
                or {{ record }}.inward_id = {{ variant }}.inward_id
                or (
                    {{ record }}.district_id = {{ variant }}.district_id
                    and right({{ record }}.postcode, 2) = right({{ variant_postcode }}, 2)
                )
            )
            and {{ text_changes(record ~ '.postcode', variant_postcode) }} = 1
            then
                case
                    when {{ record }}.sector_id = {{ variant }}.sector_id then 3
                    when {{ record }}.district_id = {{ variant }}.district_id then 4
                    else 5
                end
        when {{ record }}.sector_id = {{ variant }}.sector_id then 6
        when {{ record }}.district_id = {{ variant }}.district_id then 7
        else 8
    end
{%- endmacro %}

{% macro postcode_levels() -%}
    {{ return(['exact_current', 'exact_former', 'one_character', 'wrong_sector', 'misspelt', 'sector',
        'district', 'other', 'missing']) }}
{%- endmacro %}
