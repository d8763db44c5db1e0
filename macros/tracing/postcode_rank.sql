{# How near an index address is to the postcode of a record, 1 (nearest) to 7; see postcode_levels.
   An address counts as current when the person lives there now or did on the day of the event. #}
{% macro postcode_rank(record, variant, variant_postcode, day) -%}
    case
        when {{ record }}.district_id is null or {{ variant }}.district_id is null then 7
        when {{ record }}.postcode_id = {{ variant }}.postcode_id
            then
                case
                    when
                        {{ variant }}.valid_to = date '9999-12-31'
                        or {{ day }} between {{ variant }}.valid_from and {{ variant }}.valid_to
                        then 1
                    else 2
                end
        when levenshtein({{ record }}.postcode, {{ variant_postcode }}) = 1 then 3
        when {{ record }}.sector_id = {{ variant }}.sector_id then 4
        when {{ record }}.district_id = {{ variant }}.district_id then 5
        else 6
    end
{%- endmacro %}

{% macro postcode_levels() -%}
    {{ return(['exact_current', 'exact_former', 'one_character', 'sector', 'district', 'other',
        'missing']) }}
{%- endmacro %}
