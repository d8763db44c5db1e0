{# dbt's function resources on DuckDB: a scalar function is a SQL macro in the catalogue, and DuckDB
   has no grants to revoke. #}

{% macro duckdb__scalar_function_sql(target_relation) %}
    create or replace function {{ target_relation.render() }} (
        {%- for argument in model.arguments %}{{ argument.name }}{{ ', ' if not loop.last }}{% endfor -%}
    ) as {{ model.compiled_code }}
{% endmacro %}


{% macro duckdb__function_execute_build_sql(build_sql, existing_relation, target_relation) %}
    {% call statement(name='main') %}
        {{ build_sql }}
    {% endcall %}
    {{ adapter.commit() }}
{% endmacro %}
