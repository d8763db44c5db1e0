{# How a person was traced, as one of four words, whatever else is known of it. #}
{% macro trace_step_counted(trace_step) -%}
    case
        when {{ trace_step }} = 'cross_check' then 'cross_check'
        when {{ trace_step }} = 'exact' then 'exact'
        when {{ trace_step }} = 'probabilistic' then 'probabilistic'
        else 'none'
    end
{%- endmacro %}
