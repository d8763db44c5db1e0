{% macro places_read(combinations) -%}
    {%- for place in bundle_places() -%}
        {{ combinations }}.raw_{{ place }},
        values_{{ place }}.canonical as canonical_{{ place }},
        values_{{ place }}.value_number as value_number_{{ place }}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
