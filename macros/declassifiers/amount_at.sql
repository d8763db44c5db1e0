{# The amount below which a share of the rows lies: of 1, 2 and 6 the amount at 0.5 is 2. Between two rows
   it is in between. An amount is a number: a day can't be cast to one. #}
{% macro amount_at(share, amount) -%}
    percentile_cont({{ share }}) within group (order by cast({{ amount }} as decimal(18, 2)))
{%- endmacro %}
