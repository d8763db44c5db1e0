-- One row per request and index person whom a blocking key brings together, and whether the pair
-- agrees on enough to be scored. Blocks are equi-joins of the requests to the one table of
-- variants. A record whose number is confirmed has that person as its one candidate.
with

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

short_names as (

    select * from {{ ref('trace_short_names') }}

),

value_counts as (

    select * from {{ ref('int_index_values_counted') }}

),

confirmed as (

    select distinct
        request_id,
        person_id
    from cross_checks
    where rule_id is not null

),

open_requests as (

    select requests.*
    from requests
    left join confirmed
        on requests.request_id = confirmed.request_id
    where confirmed.request_id is null

),

-- Both readings of a date whose day and month may have been exchanged.
births as (

    select
        open_requests.*,
        open_requests.date_of_birth as birth_key
    from open_requests
    where open_requests.date_of_birth is not null

    union all

    select
        open_requests.*,
        {{ day_and_month_exchanged('open_requests.date_of_birth') }} as birth_key
    from open_requests
    where
        extract(day from open_requests.date_of_birth) <= 12
        and extract(day from open_requests.date_of_birth)
        <> extract(month from open_requests.date_of_birth)

),

-- The given name, its short and long forms, and the family name for records that exchange the two.
given_keys as (

    select
        births.request_id,
        births.birth_key,
        births.given_name_id as given_key
    from births
    where births.given_name_id is not null

    union

    select
        births.request_id,
        births.birth_key,
        value_counts.value_id as given_key
    from births
    inner join short_names
        on births.given_name = short_names.name
    inner join value_counts
        on
            short_names.also_known_as = value_counts.field_value
            and value_counts.field = 'given_name'

),

sound_keys as (

    select
        request_id,
        birth_key,
        family_sounds_like as sound_key
    from births
    where family_sounds_like is not null

    union

    select
        request_id,
        birth_key,
        given_sounds_like as sound_key
    from births
    where given_sounds_like is not null

),

paired as (

    -- block: the postcode, at any time
    select
        open_requests.request_id,
        variants.person_id,
        {{ births_are_close('open_requests.date_of_birth', 'variants.date_of_birth') }}
        or coalesce(open_requests.given_name_id = variants.given_name_id, false)
        or (
            open_requests.date_of_birth is null
            and coalesce(open_requests.family_name_id = variants.family_name_id, false)
        ) as is_plausible
    from open_requests
    inner join variants
        on open_requests.postcode_id = variants.postcode_id

    union all

    -- block: date of birth and postcode district
    select
        births.request_id,
        variants.person_id,
        case
            when births.given_name is null or variants.given_name_id is null
                then coalesce(births.gender = variants.gender, true)
            else
                coalesce(births.given_name_id = variants.given_name_id, false)
                or coalesce(births.family_sounds_like = variants.family_sounds_like, false)
                or births.sector_id = variants.sector_id
        end as is_plausible
    from births
    inner join variants
        on
            births.birth_key = variants.date_of_birth
            and births.district_id = variants.district_id

    union all

    -- block: date of birth and practice
    select
        births.request_id,
        variants.person_id,
        case
            when births.given_name is null or variants.given_name_id is null
                then coalesce(births.gender = variants.gender, true)
            else
                coalesce(births.given_name_id = variants.given_name_id, false)
                or coalesce(births.family_sounds_like = variants.family_sounds_like, false)
        end as is_plausible
    from births
    inner join variants
        on
            births.birth_key = variants.date_of_birth
            and births.practice_id = variants.practice_id

    union all

    -- block: date of birth and the sound of the family name
    select
        sound_keys.request_id,
        variants.person_id,
        coalesce(open_requests.given_name_id = variants.given_name_id, false)
        or coalesce(open_requests.district_id = variants.district_id, false)
        or coalesce(open_requests.practice_id = variants.practice_id, false)
        or sound_keys.sound_key <> open_requests.family_sounds_like as is_plausible
    from sound_keys
    inner join variants
        on
            sound_keys.birth_key = variants.date_of_birth
            and sound_keys.sound_key = variants.family_sounds_like
    inner join open_requests
        on sound_keys.request_id = open_requests.request_id

    union all

    -- block: date of birth and given name
    select
        given_keys.request_id,
        variants.person_id,
        coalesce(open_requests.family_sounds_like = variants.family_sounds_like, false)
        or coalesce(open_requests.district_id = variants.district_id, false)
        or coalesce(open_requests.practice_id = variants.practice_id, false) as is_plausible
    from given_keys
    inner join variants
        on
            given_keys.birth_key = variants.date_of_birth
            and given_keys.given_key = variants.given_name_id
    inner join open_requests
        on given_keys.request_id = open_requests.request_id

    union all

    -- block: both names and the postcode district, for a wrong date of birth
    select
        open_requests.request_id,
        variants.person_id,
        open_requests.date_of_birth is null
        or {{ births_are_close('open_requests.date_of_birth', 'variants.date_of_birth') }}
            as is_plausible
    from open_requests
    inner join variants
        on
            open_requests.given_name_id = variants.given_name_id
            and open_requests.family_name_id = variants.family_name_id
            and open_requests.district_id = variants.district_id

    union all

    -- block: both names and the practice, for a wrong date of birth
    select
        open_requests.request_id,
        variants.person_id,
        open_requests.date_of_birth is null
        or {{ births_are_close('open_requests.date_of_birth', 'variants.date_of_birth') }}
            as is_plausible
    from open_requests
    inner join variants
        on
            open_requests.given_name_id = variants.given_name_id
            and open_requests.family_name_id = variants.family_name_id
            and open_requests.practice_id = variants.practice_id

    union all

    -- block: a number near the one that was supplied
    select
        numbers_repaired.request_id,
        variants.person_id,
        true as is_plausible
    from numbers_repaired
    inner join variants
        on numbers_repaired.person_id = variants.person_id

    union all

    select
        request_id,
        person_id,
        true as is_plausible
    from confirmed

)

select
    request_id,
    person_id,
    bool_or(is_plausible) as is_plausible
from paired
group by 1, 2
