{% macro nhs_number_is_valid(column) -%}
    coalesce(
        {{ nhs_number_check_digit_is_right(column) }}
        and not {{ nhs_number_is_repeated(column) }}
        and {{ matched(column, '^[467' ~ ('9' if var('accept_test_nhs_numbers', false) else '') ~ ']') }},
        false
    )
{%- endmacro %}
