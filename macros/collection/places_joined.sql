{% macro places_joined(combinations, values_read) -%}
    {%- for place in bundle_places() -%}
        left join {{ values_read }} as values_{{ place }}
            on
                {{ combinations }}.field_{{ place }} = values_{{ place }}.field
                and {{ combinations }}.submission_id = values_{{ place }}.submission_id
                and {{ combinations }}.raw_{{ place }} = values_{{ place }}.raw
        {{ '\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
