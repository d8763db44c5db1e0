{# CTE `<name>`: one row per council, with the first and the last day that its submissions cover. #}
{% macro periods_of_councils(name) -%}
{{ name }} as (

    select
        la_code,
        min(month_start) as first_day,
        {{ last_day_of_month('max(month_start)') }} as last_day
    from {{ ref('int_periods_covered') }}
    group by 1

)
{%- endmacro %}
