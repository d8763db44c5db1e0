{# CTEs of what the latest release showed of a table's cells, one for each measure: `persons_before`
   for `persons`. For `as_published` and `status_as_published`; joined by `join_cells_before`. #}
{% macro cells_before(table, measures) -%}
published_cells as (

    select * from {{ ref('int_cells_published') }}
    where table_name = '{{ table }}'

),
{% for measure in measures %}
{{ measure }}_before as (

    select * from published_cells
    where measure = '{{ measure }}'

){{ ',' if not loop.last }}
{% endfor %}
{%- endmacro %}
