{# A name in capitals A to Z: accents and apostrophes dropped, other marks turned into one space.
   `Zoë-Anne O'Dowd` gives `ZOE ANNE ODOWD`; nothing left gives null. #}
{% macro name_cleaned(column) -%}
    nullif(
        trim({{ replaced(
            replaced(accents_stripped('upper(' ~ column ~ ')'), '[\'\'`\\x{2018}\\x{2019}.]', ''),
            '[^A-Z]+', ' '
        ) }}),
        ''
    )
{%- endmacro %}
