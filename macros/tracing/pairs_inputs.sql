{# The common table expressions that `pairs_compared` reads, and those of the index and the requests
   that choose its pairs: first after `with`, closed by a comma. #}
{% macro pairs_inputs() -%}
requests as (

    select * from {{ ref('int_trace_requests_encoded') }}

),

cross_checks as (

    select * from {{ ref('int_trace_cross_checks') }}

),

numbers_repaired as (

    select * from {{ ref('int_trace_numbers_repaired') }}

),

variants as (

    select * from {{ ref('int_index_variants_prepared') }}

),

postcodes as (

    select * from {{ ref('int_index_postcodes_counted') }}

),

value_counts as (

    select * from {{ ref('int_index_values_counted') }}

),

short_names as (

    select * from {{ ref('trace_short_names') }}

),

policy as (

    select
        {{ policy_value('grace_days_after_death', 'integer') }} as grace_days,
        {{ policy_value('name_similarity', 'double') }} as name_similarity
    from {{ ref('trace_policy') }}

),

confirmed as (

    select distinct
        request_id,
        person_id
    from cross_checks
    where rule_id is not null

),
{%- endmacro %}
