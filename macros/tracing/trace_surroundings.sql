{# SQL of a fingerprint of all that decides answers of the trace besides the requests: the prepared
   index, the code, the seeds. Two builds with the same one give the same request the same answer. #}
{% macro trace_surroundings() -%}
    concat_ws(
        ';',
        {{ rows_fingerprint(source('kept', 'index_fingerprints'), ['model', 'fingerprint']) }},
        {{ rows_fingerprint(source('kept', 'trace_code'), ['fingerprint']) }},
        {% for seed in [
            ref('trace_weights'), ref('trace_policy'), ref('trace_cross_check_rules'),
            ref('trace_steps'), ref('trace_short_names'), ref('trace_placeholder_names'),
            ref('trace_missed_shares'), ref('placeholder_dates_of_birth')
        ] -%}
        {{ rows_fingerprint(seed, seed_columns(seed.identifier)) }},
        {% endfor -%}
        '{{ var("accept_test_nhs_numbers") }}'
    )
{%- endmacro %}


{# The columns of a seed, as its YAML lists them; dbt knows them only when it runs. #}
{% macro seed_columns(name) -%}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {{ return(graph.nodes['seed.' ~ project_name ~ '.' ~ name].columns | list) }}
{%- endmacro %}
