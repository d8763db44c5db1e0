{# Whether a row lies in an agreement's geography at its own time. `agreements` and `rows` are the
   names of relations in the query; the rows carry resident_ccg_code and registered_ccg_code. A row
   without an area is in no CCG's geography: nulls refuse. #}
{% macro lies_in_geography(agreements, rows) -%}
    (
        {{ agreements }}.geography_rule = 'submitted'
        or (
            {{ agreements }}.geography_rule in ('resident', 'resident_or_registered')
            and coalesce({{ rows }}.resident_ccg_code = {{ agreements }}.controller_code, false)
        )
        or (
            {{ agreements }}.geography_rule in ('registered', 'resident_or_registered')
            and coalesce({{ rows }}.registered_ccg_code = {{ agreements }}.controller_code, false)
        )
    )
{%- endmacro %}
