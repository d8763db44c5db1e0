{# Select list: for each detail, what agreed already and so changes how often it agrees by chance. #}
{% macro trace_contexts(pairs, requests) -%}
    {%- set level = pairs ~ '.' -%}
    {%- set same_postcode = level ~ "postcode_level in ('exact_current', 'exact_former')" -%}
    {%- set misspelt = "'one_character', 'wrong_sector', 'misspelt'" -%}
    {%- set at_home = level ~ "postcode_level in ('exact_current', 'exact_former', " ~ misspelt ~ ")" -%}
    {%- set near = level ~ "postcode_level in ('one_character', 'wrong_sector', 'sector', 'district')" -%}
    {%- set same_family = level ~ "family_name_level in ('exact', 'similar')" -%}
    {%- set same_birth = level ~ "date_of_birth_level = 'exact'" -%}
    'any' as postcode_context,
    case when {{ same_postcode }} then 'postcode' when {{ near }} then 'near' else 'far' end
        as family_name_context,
    case
        when {{ level }}has_placeholder_birth and {{ same_family }} and {{ at_home }}
            then 'placeholder_household'
        when {{ level }}has_placeholder_birth and {{ same_postcode }} then 'placeholder_postcode'
        when {{ level }}has_placeholder_birth then 'placeholder'
        when {{ at_home }} and {{ same_family }} then 'household'
        when {{ same_postcode }} and {{ level }}family_name_level = 'missing' then 'postcode'
        when {{ same_postcode }} then 'neighbour'
        when {{ near }} and {{ same_family }} then 'relative'
        else 'far'
    end as date_of_birth_context,
    case
        when {{ level }}given_name_level = 'initial' or length({{ requests }}.given_name) = 1
            then 'initial'
        when {{ same_birth }} and {{ same_family }} and ({{ same_postcode }} or {{ near }})
            then 'twin'
        when {{ same_family }} and {{ at_home }} then 'household'
        else 'far'
    end as given_name_context,
    case
        when {{ level }}given_name_level = 'exact' then 'named'
        when {{ level }}given_name_level in ('short_form', 'similar') then 'alike'
        else 'unnamed'
    end as gender_context,
    case
        when {{ at_home }} and {{ same_family }} then 'household'
        when {{ same_postcode }} and {{ same_birth }} and {{ level }}family_name_level = 'missing'
            then 'same_birth'
        when {{ same_postcode }} then 'postcode'
        when {{ level }}postcode_level = 'misspelt' then 'misspelt'
        when {{ near }} then 'near'
        when {{ level }}postcode_level = 'missing' then 'unplaced'
        else 'far'
    end as practice_context,
    case
        when {{ same_postcode }} then 'postcode'
        when {{ level }}given_name_level in ('initial', 'other') and {{ same_family }}
            then 'postcode'
        else 'far'
    end as nhs_number_context,
    'any' as death_context
{%- endmacro %}
