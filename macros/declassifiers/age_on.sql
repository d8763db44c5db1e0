{# Completed years of age on a day: 1950-03-12 on 2017-03-11 is 66, on 2017-03-12 it is 67. Born on
   29 February: a year older on 1 March of common years. #}
{% macro age_on(date_of_birth, day) -%}
    cast(
        extract(year from {{ day }}) - extract(year from {{ date_of_birth }})
        - case
            when
                extract(month from {{ day }}) * 100 + extract(day from {{ day }})
                < extract(month from {{ date_of_birth }}) * 100
                + extract(day from {{ date_of_birth }})
                then 1
            else 0
        end as integer
    )
{%- endmacro %}
