{% macro month_of_name(name) -%}
    case lower(left({{ name }}, 3))
        {%- for month in ['jan', 'feb', 'mar', 'apr', 'may', 'jun',
            'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] %}
        when '{{ month }}' then '{{ loop.index }}'
        {%- endfor %}
    end
{%- endmacro %}
