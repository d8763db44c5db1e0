{# Whether a version of an agreement is approved and has begun on a day: nulls say no. #}
{% macro version_is_begun(agreements, day) -%}
    coalesce(
        {{ agreements }}.decision = 'approved'
        and {{ agreements }}.approved_on <= {{ day }}
        and {{ agreements }}.start_date <= {{ day }},
        false
    )
{%- endmacro %}
