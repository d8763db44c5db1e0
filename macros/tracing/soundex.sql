{# The Soundex code of a name in capitals as a number, the letter as 1 to 26 and three digits:
   SMITH and SMYTH give 19530. Null for a name without letters. #}
{% macro soundex(column) -%}
    {%- set letters = replaced(column, '[^A-Z]', '') -%}
    {%- set ns = namespace(codes="translate(" ~ letters ~
        ", 'BFPVCGJKQSXZDTLMNRAEIOUYHW', '111122222222334556000000')") -%}
    {%- for digit in range(1, 7) -%}
        {%- set ns.codes = replaced(ns.codes, digit ~ '+', digit) -%}
    {%- endfor -%}
    case
        when {{ letters }} <> ''
            then
                (ascii({{ letters }}) - 64) * 1000
                + cast(left(rpad(replace(
                    case
                        when left({{ letters }}, 1) in ('H', 'W') then {{ ns.codes }}
                        else substr({{ ns.codes }}, 2)
                    end, '0', ''
                ), 3, '0'), 3) as integer)
    end
{%- endmacro %}
