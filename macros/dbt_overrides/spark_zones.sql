{# dbt on Spark: each zone in its own place, the sources as they were handed on, the functions of the
   session. #}

{# Where the tables of `identifiable_staging` lie: below the place of the zone. #}
{% macro zone_location(schema) -%}
    {%- set zone = schema.split('_')[0] -%}
    {{ return(
        env_var('ASC_SPARK_' ~ zone | upper, env_var('ASC_HOME') ~ '/spark/' ~ zone)
        ~ '/' ~ schema[(zone | length) + 1:]
    ) }}
{%- endmacro %}


{% macro spark__create_schema(relation) %}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation }} location '{{ zone_location(relation.schema) }}'
    {%- endcall -%}
{% endmacro %}


{% macro spark__record_build_started() %}
    {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'test', 'retry'] -%}
        {%- do sources_told_to_spark() -%}
        {%- do functions_told_to_spark() -%}
    {%- endif -%}
{% endmacro %}


{% macro sources_told_to_spark() %}
    {%- for source in graph.sources.values() -%}
        {%- do adapter.create_schema(api.Relation.create(schema=source.schema)) -%}
        {%- set name = source.schema ~ '.' ~ source.identifier -%}
        {%- do run_query('drop table if exists ' ~ name) -%}
        {%- do run_query(
            'create table ' ~ name ~ " using parquet location '"
            ~ zone_location(source.schema) ~ '/' ~ source.identifier ~ "'"
        ) -%}
    {%- endfor -%}
{% endmacro %}


{# The functions of the folder `functions` last as long as the session: only there is `keyed_hash`. #}
{% macro functions_told_to_spark() %}
    {%- for function in (graph.get('functions') or {}).values() -%}
        {%- set arguments = [] -%}
        {%- for argument in function.arguments -%}
            {%- do arguments.append(argument.name ~ ' string') -%}
        {%- endfor -%}
        {%- do run_query(
            'create or replace temporary function ' ~ function.name ~ '(' ~ arguments | join(', ')
            ~ ') returns string return ' ~ function.raw_code
        ) -%}
    {%- endfor -%}
{% endmacro %}


{# A node of the folder `functions` has nothing left to do: see `functions_told_to_spark`. #}
{% macro spark__function_execute_build_sql(build_sql, existing_relation, target_relation) %}
    {%- call noop_statement('main', 'OF THE SESSION') -%}{%- endcall -%}
{% endmacro %}
