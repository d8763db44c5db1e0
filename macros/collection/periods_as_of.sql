{# CTE `<name>`: the periods of all submissions known as of the date, but those that end before they
   begin. #}
{% macro periods_as_of(name) -%}
{{ name }} as (

    select *
    from {{ ref('int_submission_periods') }}
    where
        {{ received_by_as_of('received_at') }}
        and period_start <= period_end

)
{%- endmacro %}
