{% macro policy_value(parameter, data_type) -%}
    max(case when parameter = '{{ parameter }}' then try_cast(value as {{ data_type }}) end)
{%- endmacro %}
