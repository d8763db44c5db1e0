{# Largest of the amounts that persons add to a sum. An amount is a number: a day can't be cast to one. #}
{% macro largest_amount(amount) -%}
    max(cast({{ amount }} as decimal(18, 2)))
{%- endmacro %}
