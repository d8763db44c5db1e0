{# The measure whose rules say which discharges the share that reablement reaches is a share of. #}
{% macro measure_of_reach() -%}
(
    select {{ policy_value('reach_measure', dbt.type_string()) }}
    from {{ ref('pathway_policy') }}
)
{%- endmacro %}
