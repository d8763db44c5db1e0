{# Sex as tables of counts show it: the few that are neither male nor female stand together. #}
{% macro sex_counted(sex) -%}
    case when {{ sex }} in ('Male', 'Female') then {{ sex }} else 'Other or unknown' end
{%- endmacro %}
