-- One row per council or CCG area, age band of the tables of counts and sex: residents of the
-- latest year of the population estimates. A five-year band that straddles two of ours is shared
-- out by years of age.
with

populations as (

    select * from {{ ref('stg_reference__populations') }}

),

lsoas as (

    select * from {{ ref('stg_reference__lsoas') }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

latest as (

    select max(year) as year
    from populations

),

bands_read as (

    select distinct
        age_band,
        cast(replace(split_part(age_band, '-', 1), '+', '') as integer) as first_age,
        case
            when age_band like '%+' then 119
            else cast(split_part(age_band, '-', 2) as integer)
        end as last_age
    from populations

),

shares as (

    select
        bands_read.age_band,
        age_bands.cohort_band,
        count(*) * 1.0 / (max(bands_read.last_age) - min(bands_read.first_age) + 1) as share
    from bands_read
    inner join age_bands
        on age_bands.age between bands_read.first_age and bands_read.last_age
    group by 1, 2

),

areas as (

    select
        lsoa11,
        local_authority_ons_code as area_code
    from lsoas
    where local_authority_ons_code is not null
    union all
    select
        lsoa11,
        ccg_ons_code as area_code
    from lsoas
    where ccg_ons_code is not null

),

counted as (

    select
        ---------- who
        areas.area_code,
        shares.cohort_band as age_band,
        case populations.sex when 'male' then 'Male' else 'Female' end as sex,

        ---------- how many
        cast(round(sum(populations.population * shares.share)) as bigint) as population
    from populations
    inner join latest
        on populations.year = latest.year
    inner join areas
        on populations.lsoa11 = areas.lsoa11
    inner join shares
        on populations.age_band = shares.age_band
    where shares.cohort_band <> '0-17'
    group by 1, 2, 3

)

select * from counted
