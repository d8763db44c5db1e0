{% macro file_order(rows, submissions) -%}
    {{ rows }}.received_at desc,
    {{ submissions }}.file_name desc,
    {{ submissions }}.sheet_position desc nulls last,
    {{ rows }}.submission_id desc
{%- endmacro %}
