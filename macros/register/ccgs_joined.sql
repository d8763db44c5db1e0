{# Joins of `practices` and, from `organisations` with their successors, `resident_ccg` and
   `registered_ccg`, to rows that a relation with `ccg_ons_code` places. #}
{% macro ccgs_joined(home, practice) -%}
left join practices
    on {{ practice }} = practices.gp_practice_code
left join organisations as resident_ccg
    on
        {{ home }}.ccg_ons_code = resident_ccg.ons_code
        and resident_ccg.organisation_type = 'ccg'
left join organisations as registered_ccg
    on practices.ccg_code = registered_ccg.organisation_code
{%- endmacro %}
