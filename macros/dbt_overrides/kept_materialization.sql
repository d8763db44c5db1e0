{# A table that is made anew only when what it is made of has changed: its own SQL, the views and
   kept tables below it, the seeds it reads, and the index extracts. `--full-refresh` makes it anew
   in any case. The fingerprint is taken away before the table is made and written after, so that a
   killed build leaves none. #}
{% materialization kept, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set fingerprint = kept_fingerprint(compiled_code) -%}
    {%- set remembered = run_query(
        "select fingerprint from " ~ kept_fingerprints() ~ " where model = '" ~ this.name ~ "'"
    ).columns[0].values() | list -%}

    {%- if existing is not none and existing.is_table and not should_full_refresh()
        and remembered == [fingerprint] -%}
        {%- call noop_statement('main', 'KEPT') %}{% endcall -%}
        {{ return({'relations': [this.incorporate(type='table')]}) }}
    {%- endif -%}

    {%- do run_query("delete from " ~ kept_fingerprints() ~ " where model = '" ~ this.name ~ "'") -%}
    {%- do adapter.commit() -%}
    {%- set made = materialization_table_duckdb() -%}
    {%- do run_query(
        "insert into " ~ kept_fingerprints() ~ " values ('" ~ this.name ~ "', '" ~ fingerprint ~ "')"
    ) -%}
    {%- do adapter.commit() -%}
    {{ return(made) }}
{% endmaterialization %}


{# MD5 over all that decides what a kept table holds. #}
{% macro kept_fingerprint(compiled_code) %}
    {%- set parts = [compiled_code, index_fingerprint()] -%}
    {%- for id in model.depends_on.nodes -%}
        {%- set node = graph.nodes.get(id) -%}
        {%- if node and node.resource_type == 'seed' -%}
            {%- do parts.append(run_query("select "
                ~ rows_fingerprint(node.relation_name, node.columns | list))
                .columns[0].values()[0]) -%}
        {%- elif node and node.config.materialized == 'view' -%}
            {%- do parts.append(run_query(
                "select sql from duckdb_views() where database_name = '" ~ node.database
                ~ "' and schema_name = '" ~ node.schema ~ "' and view_name = '" ~ node.name ~ "'"
            ).columns[0].values()[0]) -%}
        {%- elif node -%}
            {%- do parts.append(run_query(
                "select max(fingerprint) from " ~ kept_fingerprints()
                ~ " where model = '" ~ node.name ~ "'"
            ).columns[0].values()[0]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(local_md5(parts | join('\n'))) }}
{% endmacro %}


{# Which index extracts have landed, and how many rows stand in their tables now. #}
{% macro index_fingerprint() %}
    {%- set parts = [
        "(select string_agg(extract || file_sha256, ';' order by extract) "
        ~ "from identifiable.landing.extracts "
        ~ "where extract like 'person_index%' and outcome = 'landed')"
    ] -%}
    {%- for table in ['person', 'address', 'name'] -%}
        {%- do parts.append("(select count(*) from identifiable.landing.person_index_" ~ table ~ ")") -%}
    {%- endfor -%}
    {{ return(run_query("select concat_ws(';', " ~ parts | join(', ') ~ ")").columns[0].values()[0]) }}
{% endmacro %}


{% macro kept_fingerprints() %}{{ return('identifiable.kept.index_fingerprints') }}{% endmacro %}
