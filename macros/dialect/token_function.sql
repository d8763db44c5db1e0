{# The name under which a function of the folder `functions` is called: `token_function('person_token')`. #}
{% macro token_function(name) -%}
    {{ return(adapter.dispatch('token_function')(name)) }}
{%- endmacro %}

{% macro default__token_function(name) -%}
    {{ return(function(name)) }}
{%- endmacro %}

{# A function of the session has no schema. #}
{% macro spark__token_function(name) -%}
    {{ return(function(name).identifier) }}
{%- endmacro %}
