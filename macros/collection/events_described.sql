{# CTE `<name>`: the rows of `kept`, with what `restarts_bridged` asks of `rows_validated`. #}
{% macro events_described(name, kept) -%}
{{ name }} as (

    select
        {{ kept }}.*,
        rows_validated.event_type,
        rows_validated.event_start_date,
        rows_validated.client_type,
        rows_validated.service_type,
        rows_validated.service_component
    from {{ kept }}
    inner join rows_validated
        on
            {{ kept }}.submission_id = rows_validated.submission_id
            and {{ kept }}.row_number = rows_validated.row_number

)
{%- endmacro %}
