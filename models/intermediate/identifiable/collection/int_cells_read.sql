-- One row per landed row and field. A view: fifty times as many rows as any table here. What a cell
-- says is found by number, so that no text of a cell is read again.
{{ config(materialized=view_of_long_text()) }}
{%- set fields = specification_fields_list() %}

with

cells_read as (

    {{ cells_listed(fields) }}
)

select
    ---------- birth certificate
    submission_id,
    row_number,
    sender_la_code,
    received_at,
    is_total_row,

    ---------- the cell
    field,
    listed_value,
    is_blank,
    is_read,

    ---------- what is to say about it
    field_status,
    case when is_blank and field_status = 2 then 'mandatory_blank' else value_rule_id end
        as rule_id,
    repair_rule_id
from cells_read
