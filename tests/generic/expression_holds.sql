{# A condition that is true in every row; null counts as a failure. Returns one row with a number,
   never a value. expression: SQL condition over the model's columns. #}
{% test expression_holds(model, expression) %}
    select count(*) as failures
    from {{ model }}
    where ({{ expression }}) is not true
    having count(*) > 0
{% endtest %}
