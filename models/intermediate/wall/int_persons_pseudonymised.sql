-- One row per council and person token: attributes from the latest event, generalised. Ages are
-- taken on one fixed day, so that no birthday shows from release to release.
with

events as (

    select * from {{ ref('int_events_deduplicated') }}

),

tokens as (

    select * from {{ ref('int_tokens_assigned') }}

),

postcodes as (

    select * from {{ ref('stg_reference__postcodes') }}

),

policy as (

    select * from {{ ref('disclosure_policy') }}

),

codes as (

    select * from {{ ref('specification_codes') }}

),

covered as (

    select * from {{ ref('int_periods_covered') }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

last_months as (

    select max(month_start) as last_month
    from covered

),

rebase as (

    select
        last_months.last_month,
        max(try_cast(policy.value as integer)) as rebase_month
    from policy
    cross join last_months
    where policy.parameter = 'rebase_month'
    group by 1

),

reference as (

    select
        make_date(
            cast(extract(year from last_month) as integer)
            - case when extract(month from last_month) < rebase_month then 1 else 0 end,
            rebase_month,
            1
        ) as reference_date
    from rebase

),

ethnic_groups as (

    select distinct
        release_2_value,
        group_value
    from codes
    where code_list = 'ethnicity'

),

ranked as (

    select
        tokens.person_token,
        tokens.person_token_type,
        events.sender_la_code as la_code,
        events.date_of_birth,
        events.gender,
        events.ethnicity,
        events.primary_support_reason,
        events.client_type,
        postcodes.lsoa11,
        postcodes.msoa11,
        postcodes.local_authority_ons_code,
        row_number() over (
            partition by tokens.person_token, events.sender_la_code
            order by
                events.event_start_date asc nulls first,
                events.unique_event_reference asc
        ) as recency
    from events
    inner join tokens
        on
            events.sender_la_code = tokens.la_code
            and events.la_person_unique_identifier = tokens.la_person_unique_identifier
    left join postcodes
        on {{ postcode_normalised('events.postcode') }} = postcodes.postcode
    where events.is_in_products

),

latest as (

    select
        person_token,
        person_token_type,
        la_code,
        max_by(date_of_birth, recency) filter (where date_of_birth is not null) as date_of_birth,
        max_by(gender, recency) filter (where gender is not null) as gender,
        max_by(ethnicity, recency) filter (where ethnicity is not null) as ethnicity,
        max_by(primary_support_reason, recency) filter (where primary_support_reason is not null)
            as primary_support_reason,
        max_by(lsoa11, recency) filter (where lsoa11 is not null) as lsoa11,
        max_by(msoa11, recency) filter (where lsoa11 is not null) as msoa11,
        max_by(local_authority_ons_code, recency) filter (where lsoa11 is not null)
            as local_authority_ons_code
    from ranked
    group by 1, 2, 3

),

generalised as (

    select
        ---------- who
        latest.person_token,
        latest.person_token_type,
        latest.la_code,

        ---------- generalised attributes
        reference.reference_date,
        coalesce(age_bands.five_year_band, 'Unknown') as age_band_five,
        coalesce(age_bands.ten_year_band, 'Unknown') as age_band_ten,
        coalesce(age_bands.adult_band, 'Unknown') as age_band_adult,
        coalesce(age_bands.cohort_band, 'Unknown') as age_band_cohort,
        coalesce(latest.gender, 'Unknown') as sex,
        coalesce(ethnic_groups.group_value, 'No data') as ethnic_group,
        coalesce(latest.primary_support_reason, 'Unknown') as primary_support_reason,

        ---------- area
        latest.lsoa11,
        coalesce(latest.msoa11, 'Unknown') as msoa11,
        coalesce(latest.local_authority_ons_code, 'Unknown') as local_authority_ons_code
    from latest
    cross join reference
    left join age_bands
        on {{ age_on('latest.date_of_birth', 'reference.reference_date') }} = age_bands.age
    left join ethnic_groups
        on latest.ethnicity = ethnic_groups.release_2_value

)

select * from generalised
