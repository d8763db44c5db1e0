{# A count as it may be shown: null when it is small, else rounded to the nearest multiple of the base;
   zero stays zero. With threshold 8 and base 5: 7 gives null, 8 gives 10, 12 gives 10, 13 gives 15.
   `limits` is the name of the relation that holds the recipient type's limits. #}
{% macro protected_count(measure, limits) -%}
    case
        when {{ measure }} = 0 then 0
        when {{ measure }} < {{ limits }}.small_number_threshold then null
        else cast(
            floor(
                ({{ measure }} + {{ limits }}.rounding_base / 2.0) / {{ limits }}.rounding_base
            ) * {{ limits }}.rounding_base as bigint
        )
    end
{%- endmacro %}
