{# Select list: for each detail, the share of the index that has the value on which a pair agrees. #}
{% macro trace_frequencies(pairs, requests) -%}
    case
        when {{ pairs }}.postcode_level in ('exact_current', 'exact_former')
            then {{ requests }}.postcode_frequency
        when {{ pairs }}.postcode_level in ('one_character', 'wrong_sector', 'misspelt', 'sector')
            then {{ requests }}.sector_frequency
        when {{ pairs }}.postcode_level = 'district' then {{ requests }}.district_frequency
        else 0
    end as postcode_frequency,
    {{ requests }}.family_frequency as family_name_frequency,
    {{ requests }}.birth_frequency
    * case
        when {{ pairs }}.postcode_level in ('exact_current', 'exact_former')
            then {{ requests }}.age_factor_at_postcode
        else 1
    end as date_of_birth_frequency,
    {{ requests }}.given_frequency as given_name_frequency,
    0 as gender_frequency,
    {{ requests }}.practice_frequency as practice_frequency,
    {{ quotient('1.0', requests ~ '.index_persons') }} as nhs_number_frequency,
    0 as death_frequency
{%- endmacro %}
