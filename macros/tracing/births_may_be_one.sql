{# Whether the dates of birth of a request and of an index person are near enough to be one: close, or
   of one year where either has a placeholder for the day. #}
{% macro births_may_be_one(record, variant) -%}
    (
        -- Whole numbers first: of all who ever lived at a postcode few are worth taking dates apart.
        (
            {{ record }}.birth_year = {{ variant }}.birth_year
            or {{ record }}.birth_month_day = {{ variant }}.birth_month_day
        )
        and {{ births_are_close(record ~ '.date_of_birth', variant ~ '.date_of_birth') }}
    )
    or (
        {{ record }}.birth_year = {{ variant }}.birth_year
        and ({{ record }}.has_placeholder_birth or {{ variant }}.has_placeholder_birth)
    )
{%- endmacro %}
