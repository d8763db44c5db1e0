{# CTEs `<name>_values` and `<name>`: the classes of `persons` (one row per person, with
   recipient_type and sensitive_value) that are safe to show: enough persons, enough sensitive values
   and none that dominates. `batch` asks for the size that those who leave together must reach. #}
{% macro classes_that_hold(name, persons, keys, condition, batch=false) -%}
{{ name }}_values as (

    select
        recipient_type,
        {{ keys | join(',\n        ') }},
        sensitive_value,
        count(*) as persons
    from {{ persons }}
    where {{ condition }}
    group by recipient_type, {{ keys | join(', ') }}, sensitive_value

),

{{ name }} as (

    select
        {{ name }}_values.{{ keys | join(',\n        ' ~ name ~ '_values.') }}
    from {{ name }}_values
    inner join limits
        on {{ name }}_values.recipient_type = limits.recipient_type
    group by {{ name }}_values.{{ keys | join(', ' ~ name ~ '_values.') }}
    having
        sum({{ name }}_values.persons)
        >= max(limits.{{ 'batch_persons' if batch else 'k_persons' }})
        and count(*) >= max(limits.l_values)
        and max({{ name }}_values.persons) <= max(limits.top_share) * sum({{ name }}_values.persons)

)
{%- endmacro %}
