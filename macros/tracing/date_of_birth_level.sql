{# How far two dates of birth agree. Both are dates; null gives `none`.
   1950-03-12 and 1950-12-03: swapped. 1950-03-12 and 1950-03-13 or 1950-03-21: one_digit, one digit
   wrong or two neighbours exchanged. 1950-03-12 and 1950-03-27: two_parts. #}
{% macro date_of_birth_level(left_date, right_date) -%}
    {%- set left_digits = "replace(cast(" ~ left_date ~ " as string), '-', '')" -%}
    {%- set right_digits = "replace(cast(" ~ right_date ~ " as string), '-', '')" -%}
    case
        when {{ left_date }} is null or {{ right_date }} is null then 'none'
        when {{ left_date }} = {{ right_date }} then 'exact'
        when
            extract(year from {{ left_date }}) = extract(year from {{ right_date }})
            and extract(month from {{ left_date }}) = extract(day from {{ right_date }})
            and extract(day from {{ left_date }}) = extract(month from {{ right_date }})
            then 'swapped'
        when {{ text_changes(left_digits, right_digits) }} = 1 then 'one_digit'
        when
            (extract(year from {{ left_date }}) = extract(year from {{ right_date }}))::int
            + (extract(month from {{ left_date }}) = extract(month from {{ right_date }}))::int
            + (extract(day from {{ left_date }}) = extract(day from {{ right_date }}))::int
            = 2
            then 'two_parts'
        else 'none'
    end
{%- endmacro %}
