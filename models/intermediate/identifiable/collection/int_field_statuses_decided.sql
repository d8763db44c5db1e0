-- One row per row profile and field. The conditions are data; a profile is what they look at, so
-- that each is looked at once, not once a row.
{%- set contexts = context_columns() %}

with

rows_read as (

    select * from {{ ref('int_rows_read') }}

),

conditions as (

    select * from {{ ref('specification_conditions') }}

),

profiles as (

    select distinct
        profile_key,
        {%- for column in contexts %}
        {%- if column == 'age_group' %}
        age_group,
        {%- elif column == 'date_of_death' %}
        case when date_of_death is null then '<none>' else 'present' end as date_of_death
        {%- else %}
        coalesce({{ column }}, '<none>') as {{ column }},
        {%- endif %}
        {%- endfor %}
    from rows_read

),

-- A condition holds where each of its filled columns lists the profile's value.
met as (

    select
        profiles.profile_key,
        conditions.field,
        min(conditions.position) as position
    from profiles
    inner join conditions
        on
            true
            {%- for column in contexts %}
            and (
                conditions.{{ column }} is null
                or contains(
                    '|' || conditions.{{ column }} || '|', '|' || profiles.{{ column }} || '|'
                )
            )
            {%- endfor %}
    group by 1, 2

),

decided as (

    select
        met.profile_key,
        met.field,
        conditions.field_status
    from met
    inner join conditions
        on
            met.field = conditions.field
            and met.position = conditions.position

)

select * from decided
