{# CTEs `values_1` and on, one per bundle of fields with a code list: how the rows' few combinations
   of texts are read. So each row is joined with one bundle, not with the values of seven fields. #}
{% macro values_bundled(fields, rows, submissions, values_read) -%}
    {%- for bundle in fields_bundled(fields) -%}
    combinations_{{ loop.index }} as (

        select distinct
            landed.submission_id,
            landed.{{ bundle | join(',\n            landed.') }}
        from {{ rows }} as landed
        inner join {{ submissions }} as submissions
            on landed.submission_id = submissions.submission_id
        where submissions.outcome = 'landed'

    ),

    values_{{ loop.index }} as (

        select
            {%- for field in bundle %}
            {{ field }}_values.canonical as {{ field }}_canonical,
            {{ field }}_values.value_number as {{ field }}_value_number,
            {%- endfor %}
            combinations_{{ loop.index }}.*
        from combinations_{{ loop.index }}
        {%- set combinations = 'combinations_' ~ loop.index -%}
        {%- for field in bundle %}
        {{ value_joined(field, combinations, values_read) }}
        {%- endfor %}

    ),
    {{ '\n' }}
    {%- endfor -%}
{%- endmacro %}
