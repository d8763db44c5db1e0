{# A table that stands already, by zone, schema and name; none when it does not. #}
{% macro table_in_zone(zone, schema, name) -%}
    {{ return(adapter.dispatch('table_in_zone')(zone, schema, name)) }}
{%- endmacro %}

{% macro default__table_in_zone(zone, schema, name) -%}
    {{ return(adapter.get_relation(zone, schema, name)) }}
{%- endmacro %}

{% macro spark__table_in_zone(zone, schema, name) -%}
    {{ return(adapter.get_relation(none, zone ~ '_' ~ schema, name)) }}
{%- endmacro %}
