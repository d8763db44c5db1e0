{# Number of the eight digits of two dates (YYYY-MM-DD) that differ, place by place. #}
{% macro digits_that_differ(left_date, right_date) -%}
    (
        {%- for place in [1, 2, 3, 4, 6, 7, 9, 10] %}
        case
            when
                substr(cast({{ left_date }} as varchar), {{ place }}, 1)
                <> substr(cast({{ right_date }} as varchar), {{ place }}, 1)
                then 1
            else 0
        end{{ ' +' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
