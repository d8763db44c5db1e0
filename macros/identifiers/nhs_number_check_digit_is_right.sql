{% macro nhs_number_check_digit_is_right(column) -%}
    {%- set ns = namespace(terms=[]) -%}
    {%- for place in range(1, 10) -%}
        {%- do ns.terms.append('try_cast(substring(' ~ column ~ ', ' ~ place ~ ', 1) as integer) * ' ~ (11 - place)) -%}
    {%- endfor -%}
    coalesce(
        {{ matched(column, '^[0-9]{10}$') }}
        and (11 - ({{ ns.terms | join(' + ') }}) % 11) % 11
        = try_cast(substring({{ column }}, 10, 1) as integer),
        false
    )
{%- endmacro %}
