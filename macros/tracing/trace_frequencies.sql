{# Select list: for each detail, the share of the index that has the value on which a pair agrees. #}
{% macro trace_frequencies(pairs, requests) -%}
    case
        when {{ pairs }}.postcode_level in ('exact_current', 'exact_former')
            then {{ requests }}.postcode_frequency
        -- A wrong letter may lead to a sector that the index does not have: count a small one.
        when {{ pairs }}.postcode_level = 'one_character'
            then greatest({{ requests }}.sector_frequency, 1000.0 / {{ requests }}.index_persons)
        when {{ pairs }}.postcode_level = 'sector' then {{ requests }}.sector_frequency
        when {{ pairs }}.postcode_level = 'district' then {{ requests }}.district_frequency
        else 0
    end as postcode_frequency,
    {{ requests }}.family_frequency as family_name_frequency,
    {{ requests }}.birth_frequency as date_of_birth_frequency,
    {{ requests }}.given_frequency as given_name_frequency,
    0 as gender_frequency,
    {{ requests }}.practice_frequency as practice_frequency,
    1.0 / {{ requests }}.index_persons as nhs_number_frequency,
    0 as death_frequency
{%- endmacro %}
