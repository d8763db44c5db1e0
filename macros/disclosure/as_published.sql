{# A protected count on top of what earlier releases showed of the same cell: hidden once, it stays
   hidden; shown once, it is not hidden later, for both together would say what the small one is.
   `cells` is the relation of published cells joined to it, `is_held` the condition on which a count
   shown once stays as it was. #}
{% macro as_published(counts, measure, cells, is_held) -%}
    case
        when {{ cells }}.status = 'hidden' then null
        when {{ cells }}.status is not null and ({{ is_held }})
            then cast({{ cells }}.value as bigint)
        else {{ counts }}.{{ measure }}
    end
{%- endmacro %}

{# The status that goes with `as_published`. #}
{% macro status_as_published(counts, measure, cells, is_held) -%}
    case
        when {{ cells }}.status = 'hidden' then 'hidden'
        when {{ cells }}.status is not null and ({{ is_held }}) then {{ cells }}.status
        else {{ counts }}.{{ measure }}_status
    end
{%- endmacro %}
