-- One row per cluster of reablement services that belongs to a discharge, or whose person could
-- not be traced: what long-term support the person had before. What became of them is not asked,
-- so that nobody has to be followed.
with

followed as (

    select * from {{ ref('int_reablement_followed') }}
    where measure = {{ measure_of_reach() }}

),

discharges as (

    select distinct
        person_token,
        admission_date,
        discharge_date,
        care_before,
        exclusion
    from {{ ref('int_discharges_described') }}

),

spells as (

    select * from {{ ref('int_care_spells_stitched') }}
    where support = 'long_term_community'

),

in_community as (

    select distinct
        followed.la_code,
        followed.person_token,
        followed.cluster_start
    from followed
    inner join spells
        on
            followed.la_code = spells.la_code
            and followed.person_token = spells.person_token
            and followed.cluster_start >= spells.start_date
            and coalesce(spells.end_date, followed.cluster_start) >= followed.cluster_start
    where followed.exclusion = 'not_traced'

),

reached as (

    select
        ---------- which case
        followed.la_code,
        followed.person_token,
        followed.cluster_start,
        followed.discharge_date,

        ---------- support before
        case
            when discharges.care_before is not null then discharges.care_before
            when in_community.cluster_start is not null then 'long_term_community'
            else 'no_long_term'
        end as care_before,

        ---------- what keeps it out
        case
            when followed.exclusion in ('not_traced', 'activity') then followed.exclusion
            when discharges.person_token is null then 'activity'
            else discharges.exclusion
        end as exclusion
    from followed
    left join discharges
        on
            followed.person_token = discharges.person_token
            and followed.admission_date = discharges.admission_date
            and followed.discharge_date = discharges.discharge_date
    left join in_community
        on
            followed.la_code = in_community.la_code
            and followed.person_token = in_community.person_token
            and followed.cluster_start = in_community.cluster_start

)

select * from reached
