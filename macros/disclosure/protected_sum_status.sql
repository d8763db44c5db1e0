{# What happened to a sum of costs: `hidden` (few persons, or one dominates), `rounded`, or `zero`. #}
{% macro protected_sum_status(pence, persons, largest, limits) -%}
    case
        when {{ pence }} = 0 then 'zero'
        when {{ persons }} < {{ limits }}.small_number_threshold then 'hidden'
        when {{ largest }} > {{ limits }}.dominance_share * {{ pence }} then 'hidden'
        else 'rounded'
    end
{%- endmacro %}
