{# True for an event that counts in a period: a service that runs in it, or all else that ends in it,
   but nothing that begins after it or after death, and nothing of a person dead before it. #}
{% macro event_counts_in(event, first_day, last_day) -%}
    {{ event }}.event_start_date <= {{ last_day }}
    and (
        {{ event }}.derived_event_end_date >= {{ first_day }}
        or ({{ event }}.event_type = 'Service' and {{ event }}.derived_event_end_date is null)
    )
    and ({{ event }}.event_type = 'Service' or {{ event }}.derived_event_end_date <= {{ last_day }})
    and (
        {{ event }}.date_of_death is null
        or (
            {{ event }}.date_of_death >= {{ first_day }}
            and {{ event }}.date_of_death >= {{ event }}.event_start_date
        )
    )
{%- endmacro %}
