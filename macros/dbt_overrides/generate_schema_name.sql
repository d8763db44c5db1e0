{# A schema is called what the folder says: other people's tools rely on the names. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ return(adapter.dispatch('schema_in_zone')(custom_schema_name, node)) }}
{%- endmacro %}

{% macro default__schema_in_zone(custom_schema_name, node) -%}
    {{ return((custom_schema_name or target.schema) | trim) }}
{%- endmacro %}

{# Spark has no level above the schema: zone and schema make one name, `identifiable_staging`. #}
{% macro spark__schema_in_zone(custom_schema_name, node) -%}
    {{ return(node.config.database ~ '_' ~ (custom_schema_name or target.schema) | trim) }}
{%- endmacro %}
