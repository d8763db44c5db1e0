{# The name of a level from its rank: `ranked_level('rank', ['exact', 'other'])`. #}
{% macro ranked_level(rank, levels) -%}
    case {{ rank }}
        {%- for level in levels %}
        when {{ loop.index }} then '{{ level }}'
        {%- endfor %}
    end
{%- endmacro %}
