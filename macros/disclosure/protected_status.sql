{# What happened to a count: `hidden` (small), `rounded`, or `zero`. #}
{% macro protected_status(measure, threshold) -%}
    case
        when {{ measure }} = 0 then 'zero'
        when {{ measure }} < {{ threshold }} then 'hidden'
        else 'rounded'
    end
{%- endmacro %}
