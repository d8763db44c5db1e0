{# A set of columns that together stand once. Returns one row with a number, never a value.
   columns: list of column names. #}
{% test unique_combination(model, columns) %}
    select count(*) as failures
    from (
        select 1
        from {{ model }}
        group by {{ columns | join(', ') }}
        having count(*) > 1
    ) as repeated
    having count(*) > 0
{% endtest %}
