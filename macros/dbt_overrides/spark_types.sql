{# What contracts and seeds call `varchar` has no end of its length on DuckDB; on Spark that is `string`. #}
{% macro type_on_spark(type) -%}
    {{ return('string' if type | lower == 'varchar' else type) }}
{%- endmacro %}


{% macro spark__cast(field, type) -%}
    cast({{ field }} as {{ type_on_spark(type) }})
{%- endmacro %}


{% macro spark__create_csv_table(model, agate_table) %}
    {%- set types = model.config.get('column_types', {}) -%}
    {%- set sql -%}
        create table {{ this }} (
        {%- for name in agate_table.column_names %}
            {{ adapter.quote(name) }}
            {{ type_on_spark(types.get(name, adapter.convert_type(agate_table, loop.index0))) }}
            {{- ',' if not loop.last }}
        {%- endfor %}
        )
    {%- endset -%}
    {%- call statement('create_csv_table') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{% endmacro %}


{# All rows of a seed in one statement: each costs Spark a file and a task. #}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model.config.get('column_types', {}) -%}
    {%- set kinds = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do kinds.append(
            type_on_spark(types.get(name, adapter.convert_type(agate_table, loop.index0)))
        ) -%}
    {%- endfor -%}
    {%- set sql -%}
        insert into {{ this }}
        select
        {%- for kind in kinds %} cast(col{{ loop.index }} as {{ kind }}){{ ',' if not loop.last }}{% endfor %}
        from values
        {%- for row in agate_table.rows %}
        (
            {%- for value in row -%}
                {%- if value is none -%}null
                {%- else -%}'{{ value | string | replace('\\', '\\\\') | replace("'", "\\'") }}'
                {%- endif -%}
                {{ ',' if not loop.last }}
            {%- endfor -%}
        ){{ ',' if not loop.last }}
        {%- endfor %}
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{ return(sql) }}
{% endmacro %}
