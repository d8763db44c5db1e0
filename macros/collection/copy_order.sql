{% macro copy_order(period_end) -%}
    {{ period_end }} desc,
    derived_event_end_date desc nulls first,
    outcome_place asc,
    is_conversation desc,
    row_number desc,
    received_at desc,
    submission_id desc
{%- endmacro %}
