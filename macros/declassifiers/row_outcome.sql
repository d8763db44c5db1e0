{# What became of a row: set aside where there is a reason for it, whatever the reason. #}
{% macro row_outcome(reasons) -%}
    case when {{ reasons }} is null then 'accepted' else 'quarantined' end
{%- endmacro %}
