{# A query: the combinations of texts in the fields of each bundle. A place without a field is null. #}
{% macro texts_combined(fields, rows, submissions) -%}
    {%- for bundle, members in fields | selectattr('bundle', 'defined') | groupby('bundle') -%}
    select distinct
        {{ bundle }} as bundle,
        landed.submission_id
        {%- for place in bundle_places() %}
        {%- set field = members[loop.index0].field if loop.index0 < members | length %},
        {{ "'" ~ field ~ "'" if field else 'null' }} as field_{{ place }},
        cast({{ 'landed.' ~ field if field else 'null' }} as {{ dbt.type_string() }}) as raw_{{ place }}
        {%- endfor %}
    from {{ rows }} as landed
    inner join {{ submissions }} as submissions
        on landed.submission_id = submissions.submission_id
    where submissions.outcome = 'landed'
    {{ 'union all\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
