{# Result of checking a cell, as a whole number: that of the rule it breaks, 0 for a blank cell that may be
   blank, 1 for a valid one. #}
{% macro cell_result(rule_id, check_result, is_blank) -%}
    case
        when {{ rule_id }} is not null then {{ check_result }}
        when {{ is_blank }} then 0
        else 1
    end
{%- endmacro %}
