-- One row per person token of whom any source says that they died: the date of the source that
-- comes first in the seed, and whether the sources agree.
with

deaths as (

    select * from {{ ref('int_deaths_pseudonymised') }}

),

activities as (

    select * from {{ ref('int_health_activity_pseudonymised') }}

),

sources as (

    select * from {{ ref('death_sources') }}

),

reported as (

    select
        person_token,
        'council' as source_name,
        died_by_council as died_on
    from deaths
    where died_by_council is not null
    union all
    select
        person_token,
        'index' as source_name,
        died_by_index as died_on
    from deaths
    where died_by_index is not null
    union all
    select
        person_token,
        'hospital' as source_name,
        max(end_date) as died_on
    from activities
    where
        discharge_method = '4'
        and end_date is not null
    group by 1

),

reconciled as (

    select
        ---------- who
        reported.person_token,

        ---------- when, and who says so
        min_by(reported.died_on, sources.position) as died_on,
        min_by(reported.source_name, sources.position) as source_name,
        count(distinct reported.died_on) = 1 as do_sources_agree
    from reported
    inner join sources
        on reported.source_name = sources.source_name
    group by 1

)

select * from reconciled
