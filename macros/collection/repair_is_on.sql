{% macro repair_is_on(repair) -%}
    max(case when repair = '{{ repair }}' and is_on then 1 else 0 end) = 1
{%- endmacro %}
