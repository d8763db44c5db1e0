{% macro field_reader(field, data_type, code_list) -%}
    case
        when {{ code_list }} is not null then 'list'
        when {{ field }} = 'la_code' then 'council_code'
        when {{ field }} = 'gp_practice_code' then 'practice_code'
        when {{ field }} = 'provider_cqc_location_id' then 'location_id'
        else {{ data_type }}
    end
{%- endmacro %}
