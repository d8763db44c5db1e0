-- One row per stay in hospital of a traced person, from one door to the other: a stay that
-- begins within the days of the seed after another, and bears a sign of transfer, goes on from
-- it.
with

activities as (

    select * from {{ ref('int_health_activity_pseudonymised') }}
    where activity_type <> 'emergency_attendance'

),

{{ stays_joined(
    'joined_spells', 'activities', 'person_token',
    ['lsoa11', 'resident_ccg_code', 'registered_ccg_code'], ['age_band_at_end']
) }}

select * from joined_spells
