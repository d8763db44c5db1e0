-- One row per request to be weighed, in the numbers of the index: what each value stands for in the
-- joins, and how frequent it is. A date of birth or a name that people enter for want of a better
-- one is dropped. Requests whose answer is kept are not weighed again.
with

requests as (

    select * from {{ ref('int_trace_requests_fingerprinted') }}
    where not is_kept

),

placeholders as (

    select * from {{ ref('placeholder_dates_of_birth') }}

),

placeholder_names as (

    select * from {{ ref('trace_placeholder_names') }}

),

postcodes as (

    select * from {{ ref('int_index_postcodes_counted') }}

),

sectors as (

    select distinct
        sector,
        sector_id,
        sector_persons
    from postcodes

),

districts as (

    select distinct
        district,
        district_id,
        district_persons
    from postcodes

),

value_counts as (

    select * from {{ ref('int_index_values_counted') }}

),

twins_counted as (

    select * from {{ ref('int_index_twins_counted') }}

),

ages_counted as (

    select * from {{ ref('int_index_ages_counted') }}

),

missed_shares as (

    select * from {{ ref('trace_missed_shares') }}

),

policy as (

    select
        {{ policy_value('birth_date_leaning', 'double') }} as leaning,
        {{ policy_value('home_leaning_persons', 'double') }} as home_leaning
    from {{ ref('trace_policy') }}

),

inward_codes as (

    select distinct
        inward_code,
        inward_id
    from postcodes

),

-- A sector that the index does not have, as a wrong letter makes one, counts as an average one.
average_sector as (

    select avg(sector_persons) as persons
    from sectors

),

birth_years as (

    select
        left(field_value, 4) as year_of_birth,
        {{ quotient('sum(persons)', '365.25') }} as persons_per_day
    from value_counts
    where field = 'date_of_birth'
    group by 1

),

birth_decades as (

    select
        cast(floor(cast(year_of_birth as integer) / 10) as integer) as decade_of_birth,
        sum(persons_per_day) / sum(sum(persons_per_day)) over () as index_share
    from birth_years
    group by 1

),

births as (

    select
        requests.date_of_birth,
        bool_or(placeholders.placeholder_id is not null) as is_placeholder,
        bool_or(coalesce(not placeholders.names_override, false)) as is_nobodys
    from requests
    left join placeholders
        on
            extract(year from requests.date_of_birth)
            = coalesce(placeholders.year, extract(year from requests.date_of_birth))
            and extract(month from requests.date_of_birth) = placeholders.month
            and extract(day from requests.date_of_birth) = placeholders.day
    group by 1

),

cleaned as (

    select
        requests.*,
        {{ first_word(name_cleaned('requests.given_name')) }} as given_name_cleaned,
        {{ name_cleaned('requests.family_name') }} as family_name_cleaned,
        cast(requests.date_of_birth as string) as birth_value,
        cast(floor(extract(year from requests.date_of_birth) / 10) as integer)
            as decade_of_birth,
        case
            when requests.postcode not like 'ZZ%' then requests.postcode
        end as postcode_used
    from requests

),

encoded as (

    select
        ---------- identifiers
        row_number() over (
            order by cleaned.la_code, cleaned.la_person_unique_identifier
        ) as request_id,
        cleaned.la_code,
        cleaned.la_person_unique_identifier,
        cleaned.supplied_nhs_number,
        cleaned.postcode_used as postcode,
        case when given_placeholders.name is null then cleaned.given_name_cleaned end
            as given_name,
        case when family_placeholders.name is null then cleaned.family_name_cleaned end
            as family_name,
        case when not births.is_nobodys then cleaned.date_of_birth end as date_of_birth,

        ---------- numbers that stand for them
        postcodes.postcode_id,
        sectors.sector_id,
        districts.district_id,
        inward_codes.inward_id,
        case when given_placeholders.name is null then given_names.value_id end
            as given_name_id,
        case when family_placeholders.name is null then family_names.value_id end
            as family_name_id,
        case
            when family_placeholders.name is null
                then coalesce(
                    family_names.sounds_like, {{ soundex('cleaned.family_name_cleaned') }}
                )
        end as family_sounds_like,
        case
            when given_placeholders.name is null
                then coalesce(
                    given_names.sounds_like, {{ soundex('cleaned.given_name_cleaned') }}
                )
        end as given_sounds_like,
        practices.value_id as practice_id,

        ---------- attributes
        coalesce(postcodes.persons, 0) as postcode_persons,
        cast(cleaned.gender as tinyint) as gender,
        coalesce(births.is_placeholder, false) as has_placeholder_birth,
        {{ birth_parts('case when not births.is_nobodys then cleaned.date_of_birth end') }},

        ---------- dates
        cleaned.event_date,
        cleaned.date_of_death,

        ---------- shares of all persons of the index
        everyone.persons as index_persons,
        -- How many others have the date: the count without the person sought, leaning on the days
        -- of its year, for in a small index most dates are had by one person or none.
        coalesce(
            (policy.leaning + greatest(coalesce(birth_dates.persons, 0) - 1, 0))
            / (policy.leaning / birth_years.persons_per_day + 1),
            0
        ) / everyone.persons as birth_frequency,
        -- How much more frequent persons of that decade are at the postcode than anywhere.
        coalesce(
            (
                greatest(coalesce(ages_counted.persons, 0) - 1, 0)
                + policy.home_leaning * birth_decades.index_share
            )
            / (greatest(postcodes.persons - 1, 0) + policy.home_leaning)
            / birth_decades.index_share,
            1
        ) as age_factor_at_postcode,
        coalesce(given_names.persons, 0) / everyone.persons as given_frequency,
        coalesce(family_names.persons, 0) / everyone.persons as family_frequency,
        coalesce(practices.persons, 0) / everyone.persons as practice_frequency,
        coalesce(postcodes.persons, 0) / everyone.persons as postcode_frequency,
        coalesce(sectors.sector_persons, average_sector.persons) / everyone.persons
            as sector_frequency,
        coalesce(districts.district_persons, 0) / everyone.persons as district_frequency,

        ---------- what may be wrong with the best candidate
        coalesce(twins_counted.twin_share, 0) as twin_share,
        missed_shares.missed_share
    from cleaned
    left join births
        on cleaned.date_of_birth = births.date_of_birth
    left join placeholder_names as given_placeholders
        on cleaned.given_name_cleaned = given_placeholders.name
    left join placeholder_names as family_placeholders
        on cleaned.family_name_cleaned = family_placeholders.name
    left join postcodes
        on cleaned.postcode_used = postcodes.postcode
    left join sectors
        on left(cleaned.postcode_used, length(cleaned.postcode_used) - 2) = sectors.sector
    left join districts
        on left(cleaned.postcode_used, length(cleaned.postcode_used) - 4) = districts.district
    left join value_counts as given_names
        on
            cleaned.given_name_cleaned = given_names.field_value
            and given_names.field = 'given_name'
    left join value_counts as family_names
        on
            cleaned.family_name_cleaned = family_names.field_value
            and family_names.field = 'family_name'
    left join value_counts as practices
        on
            cleaned.gp_practice_code = practices.field_value
            and practices.field = 'gp_practice'
    left join value_counts as birth_dates
        on
            cleaned.birth_value = birth_dates.field_value
            and birth_dates.field = 'date_of_birth'
    left join inward_codes
        on right(cleaned.postcode_used, 3) = inward_codes.inward_code
    left join birth_years
        on left(cleaned.birth_value, 4) = birth_years.year_of_birth
    left join twins_counted
        on cleaned.decade_of_birth = twins_counted.decade_of_birth
    left join birth_decades
        on cleaned.decade_of_birth = birth_decades.decade_of_birth
    left join ages_counted
        on
            cleaned.postcode_used = ages_counted.postcode
            and cleaned.decade_of_birth = ages_counted.decade_of_birth
    left join missed_shares
        on
            missed_shares.has_names = (
                cleaned.given_name_cleaned is not null
                and cleaned.family_name_cleaned is not null
                and given_placeholders.name is null
                and family_placeholders.name is null
            )
            and missed_shares.place = case
                when postcodes.postcode_id is not null then 'postcode'
                when districts.district_id is not null then 'district'
                else 'none'
            end
            and missed_shares.has_practice = (practices.value_id is not null)
    left join value_counts as everyone
        on everyone.field = 'everyone'
    cross join policy
    cross join average_sector

)

select * from encoded
