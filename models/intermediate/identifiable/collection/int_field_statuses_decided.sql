-- One row per row profile and field. The conditions are data; a profile is what they look at, so
-- that each is looked at once, not once a row.

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
        {{ context_values() }}
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
            {{ condition_is_met('conditions', 'profiles') }}
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
