{# Rows of what a reader of a release would learn of the persons of a relation, counted: `value` is the
   one that must be diverse, `row` all that stands in the person's row. `keys` are columns of it or
   expressions with a name. #}
{% macro learnt_values(persons, keys, condition, amount='1') -%}
    select
        {{ keys | join(',\n        ') }},
        'value' as kind,
        {{ persons }}.sensitive_value as learnt,
        {{ amount }} as persons
    from {{ persons }}
    where {{ condition }}
    union all
    select
        {{ keys | join(',\n        ') }},
        'row' as kind,
        {{ persons }}.primary_support_reason || '|' || {{ persons }}.care_setting || '|'
        || {{ persons }}.sensitive_value as learnt,
        {{ amount }} as persons
    from {{ persons }}
    where {{ condition }}
{%- endmacro %}
