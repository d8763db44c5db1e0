{# A sum of costs as it may be shown, in whole pounds: null where too few persons make it up or one of
   them dominates, else rounded. `pence` the sum, `persons` how many make it up, `largest` the most that
   one of them adds. With base 100: 1 pound to 49.99 give 0, 50 give 100. #}
{% macro protected_sum(pence, persons, largest, limits) -%}
    case
        when {{ pence }} = 0 then 0
        when {{ persons }} < {{ limits }}.small_number_threshold then null
        when {{ largest }} > {{ limits }}.dominance_share * {{ pence }} then null
        else cast(
            {{ integer_divided(
                pence ~ ' + ' ~ limits ~ '.sum_rounding_base * 50',
                limits ~ '.sum_rounding_base * 100'
            ) }} * {{ limits }}.sum_rounding_base as bigint
        )
    end
{%- endmacro %}
