{# Statements at the end of a run that keep the answers of the trace for the next one, with what
   explains them; nothing stays of answers that are no longer in use. None, unless this very run made
   every model of the trace: an answer from older pairs would stand under a newer fingerprint. #}
{% macro keep_trace_answers(results) %}
    {{ return(adapter.dispatch('keep_trace_answers')(results)) }}
{% endmacro %}

{# Spark weighs everything anew in each build. #}
{% macro spark__keep_trace_answers(results) %}{% endmacro %}

{% macro default__keep_trace_answers(results) %}
    {%- if execute -%}
        {%- set made = [] -%}
        {%- for result in results if result.status | string == 'success' -%}
            {%- set _ = made.append(result.node.unique_id) -%}
        {%- endfor -%}
        {%- set model = 'model.' ~ project_name ~ '.' -%}
        {%- set answers = graph.nodes[model ~ 'int_trace_answers'] -%}
        {%- set explanations = graph.nodes[model ~ 'int_trace_answers_explained'] -%}
        {%- if not (trace_models_behind(explanations) | reject('in', made) | list) -%}
            begin transaction;
            create or replace table identifiable.kept.trace_answers as
            select * from {{ answers.relation_name }};
            create or replace table identifiable.kept.trace_explanations as
            select * from {{ explanations.relation_name }};
            commit
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{# Unique ids of a model of the trace and of all others that it is made from; those that only read
   the index are left out, for the fingerprint of the index speaks for them. #}
{% macro trace_models_behind(node) %}
    {%- set found = [node.unique_id] -%}
    {%- for id in found -%}
        {%- for parent in graph.nodes[id].depends_on.nodes
            if '.int_trace_' in parent and parent not in found -%}
            {%- set _ = found.append(parent) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}
