{# What happened to a sum of costs: `hidden` (few persons, or one dominates), `rounded`, or `zero`. #}
{% macro protected_sum_status(pounds, persons, largest, limits) -%}
    case
        when {{ pounds }} = 0 then 'zero'
        when {{ persons }} < {{ limits }}.small_number_threshold then 'hidden'
        when {{ largest }} > {{ limits }}.dominance_share * {{ pounds }} then 'hidden'
        else 'rounded'
    end
{%- endmacro %}
