{# CTEs: NHS numbers, each read once. #}
{% macro nhs_numbers_read() -%}
    nhs_numbers_bare as (

        select
            *,
            {{ nhs_number_cleaned('raw') }} as number_read
        from texts
        where reader = 'nhs_number'

    ),

    nhs_number_values as (

        select
            field,
            raw,
            cleaned,
            case when {{ matched('number_read', '^[0-9]{10}$') }} then number_read end as canonical,
            case
                when {{ nhs_number_is_valid('number_read') }} then null
                when {{ matched('cleaned', '^[0-9]([.][0-9]+)?[eE][+]?[0-9]+$') }}
                    then 'nhs_number_unrecoverable'
                when not {{ matched('number_read', '^[0-9]{10}$') }} then 'nhs_number_malformed'
                when {{ nhs_number_is_repeated('number_read') }} then 'nhs_number_repeated_digit'
                when not {{ nhs_number_check_digit_is_right('number_read') }}
                    then 'nhs_number_check_digit'
                when {{ matched('number_read', '^[0-3]') }} then 'nhs_number_other_issuer'
                else 'nhs_number_never_issued'
            end as rule_id,
            case
                when {{ matched('number_read', '^[0-9]{10}$') }} and number_read <> raw
                    then 'nhs_number_repaired'
            end as repair_rule_id
        from nhs_numbers_bare

    )
{%- endmacro %}
