{# What happened to a count: `hidden` (small), `rounded`, or `zero`. #}
{% macro protected_status(measure, limits) -%}
    case
        when {{ measure }} = 0 then 'zero'
        when {{ measure }} < {{ limits }}.small_number_threshold then 'hidden'
        else 'rounded'
    end
{%- endmacro %}
