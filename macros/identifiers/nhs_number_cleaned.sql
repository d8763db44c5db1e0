{% macro nhs_number_cleaned(column) -%}
    {%- set ascii -%}
    translate({{ blanks_plain(column) }}, '０１２３４５６７８９Ｏｏ', '0123456789Oo')
    {%- endset -%}
    {%- set bare -%}
    {{ replaced(replaced(ascii, '[- \\x{2018}\\x{2019}\\x{2010}-\\x{2015}\\x{00AD}\'\'`]', ''), '^([0-9]{10})\\.0+$', '\\1') }}
    {%- endset -%}
    case
        when {{ matched(bare, '^[0-9Oo]{10}$') }} then translate({{ bare }}, 'Oo', '00')
        else {{ bare }}
    end
{%- endmacro %}
