{% macro postcode_normalised(column) -%}
    {%- set bare -%}
    {{ replaced(blanks_plain('upper(' ~ column ~ ')'), '[^A-Z0-9]', '') }}
    {%- endset -%}
    case
        when {{ matched(bare, '^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$') }}
            then
                left({{ bare }}, length({{ bare }}) - 3) || ' ' || right({{ bare }}, 3)
    end
{%- endmacro %}
