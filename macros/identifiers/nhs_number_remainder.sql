{# The weighted sum of ten digits modulo 11: 0 for a right check digit. Null for other text. #}
{% macro nhs_number_remainder(column) -%}
    {%- set ns = namespace(terms=[]) -%}
    {%- for place in range(1, 11) -%}
        {%- do ns.terms.append('try_cast(substring(' ~ column ~ ', ' ~ place ~ ', 1) as integer) * ' ~ (11 - place)) -%}
    {%- endfor -%}
    (({{ ns.terms | join(' + ') }}) % 11)
{%- endmacro %}
