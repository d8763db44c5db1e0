{# Whether two dates of birth share two of day, month and year, or differ by an exchange of day and
   month. False when either is null. One wrong digit leaves two parts right, so it is covered. #}
{% macro births_are_close(left_date, right_date) -%}
    coalesce(
        (
            case
                when extract(year from {{ left_date }}) = extract(year from {{ right_date }})
                    then
                        extract(month from {{ left_date }}) = extract(month from {{ right_date }})
                        or extract(day from {{ left_date }}) = extract(day from {{ right_date }})
                        or (
                            extract(month from {{ left_date }}) = extract(day from {{ right_date }})
                            and extract(day from {{ left_date }})
                            = extract(month from {{ right_date }})
                        )
                else
                    extract(month from {{ left_date }}) = extract(month from {{ right_date }})
                    and extract(day from {{ left_date }}) = extract(day from {{ right_date }})
            end
        ),
        false
    )
{%- endmacro %}
