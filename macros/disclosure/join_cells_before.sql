{# Joins the CTEs of `cells_before` to `counts`, which carries agreement_reference and `cell_key`: the
   table's keys in the order of its columns, parted by `|`, as `asc release` keeps them. #}
{% macro join_cells_before(counts, measures) -%}
{% for measure in measures -%}
left join {{ measure }}_before
        on
            {{ counts }}.agreement_reference = {{ measure }}_before.agreement_reference
            and {{ counts }}.cell_key = {{ measure }}_before.cell_key
    {% endfor -%}
{%- endmacro %}
