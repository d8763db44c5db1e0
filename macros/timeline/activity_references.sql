{# CTEs by which hospital activity is described: `activity_types`, `persons` (the current number of
   each, with the date of birth), `age_bands`, `lsoas`, `practices` and `organisations`. #}
{% macro activity_references() -%}
activity_types as (

    select * from {{ ref('activity_types') }}

),

persons as (

    select
        nhs_number,
        date_of_birth
    from {{ ref('stg_person_index__persons') }}
    where superseded_by_nhs_number is null

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

lsoas as (

    select * from {{ ref('stg_reference__lsoas') }}

),

practices as (

    select * from {{ ref('stg_reference__gp_practices') }}

),

organisations as (

    select * from {{ ref('int_organisations_succeeded') }}

)
{%- endmacro %}
