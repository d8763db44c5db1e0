{# A sum of costs as it may be shown, in whole pounds: null where too few persons make it up or one of
   them dominates, else rounded. `pounds` the sum, `persons` how many make it up, `largest` the most
   that one of them adds. With base 100: 1 to 49.99 give 0, 50 gives 100. #}
{% macro protected_sum(pounds, persons, largest, limits) -%}
    case
        when {{ pounds }} = 0 then 0
        when {{ persons }} < {{ limits }}.small_number_threshold then null
        when {{ largest }} > {{ limits }}.dominance_share * {{ pounds }} then null
        else cast(
            floor(
                ({{ pounds }} + {{ limits }}.sum_rounding_base / 2.0) / {{ limits }}.sum_rounding_base
            ) * {{ limits }}.sum_rounding_base as bigint
        )
    end
{%- endmacro %}
