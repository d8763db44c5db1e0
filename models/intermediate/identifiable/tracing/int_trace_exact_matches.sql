-- One row per request that no supplied number settled and that has date of birth, gender and a real
-- postcode: the index persons with that date of birth and gender who ever lived there. A match
-- stands only when it is alone in the whole index, fits the time, and no name speaks against it.
with

requests as (

    select * from {{ ref('int_trace_requests') }}

),

cross_checks as (

    select * from {{ ref('int_trace_cross_checks') }}

),

addresses as (

    select * from {{ ref('int_index_addresses_prepared') }}

),

persons as (

    select * from {{ ref('int_index_persons_prepared') }}

),

index_names as (

    select * from {{ ref('int_index_names_prepared') }}

),

placeholders as (

    select * from {{ ref('placeholder_dates_of_birth') }}

),

settled as (

    select distinct
        la_code,
        la_person_unique_identifier
    from cross_checks
    where rule_id is not null

),

distrusted as (

    select
        requests.la_code,
        requests.la_person_unique_identifier,
        bool_and(placeholders.names_override) as names_override
    from requests
    inner join placeholders
        on
            extract(year from requests.date_of_birth)
            = coalesce(placeholders.year, extract(year from requests.date_of_birth))
            and extract(month from requests.date_of_birth) = placeholders.month
            and extract(day from requests.date_of_birth) = placeholders.day
    group by 1, 2

),

open_requests as (

    select
        requests.*,
        case
            when distrusted.names_override is null then 'trusted'
            when distrusted.names_override then 'with_names'
            else 'never'
        end as date_of_birth_trust
    from requests
    left join settled
        on
            requests.la_code = settled.la_code
            and requests.la_person_unique_identifier = settled.la_person_unique_identifier
    left join distrusted
        on
            requests.la_code = distrusted.la_code
            and requests.la_person_unique_identifier = distrusted.la_person_unique_identifier
    where
        settled.la_code is null
        and requests.date_of_birth is not null
        and requests.gender is not null
        and requests.postcode is not null
        and requests.postcode not like 'ZZ%'

),

candidates as (

    select
        open_requests.la_code,
        open_requests.la_person_unique_identifier,
        open_requests.date_of_birth_trust,
        open_requests.given_name,
        open_requests.family_name,
        addresses.nhs_number,
        persons.is_sensitive,
        addresses.is_current
        or (
            addresses.valid_from <= coalesce(open_requests.event_date, addresses.valid_from)
            and addresses.valid_to >= coalesce(open_requests.event_date, addresses.valid_from)
        ) as fits_the_time,
        coalesce(persons.date_of_death < open_requests.event_date, false) as died_before
    from open_requests
    inner join addresses
        on
            open_requests.date_of_birth = addresses.date_of_birth
            and open_requests.gender = addresses.gender
            and open_requests.postcode = addresses.postcode
    inner join persons
        on addresses.nhs_number = persons.nhs_number

),

names_compared as (

    select
        candidates.la_code,
        candidates.la_person_unique_identifier,
        candidates.nhs_number,
        max({{ names_agreement('candidates', 'index_names') }}) as agreement
    from candidates
    inner join index_names
        on candidates.nhs_number = index_names.nhs_number
    where
        candidates.given_name is not null
        and candidates.family_name is not null
        and index_names.given_name is not null
        and index_names.family_name is not null
    group by 1, 2, 3

),

-- Agreement 3: both names, 2: the given name only. A family name alone is a relative.
judged as (

    select
        candidates.la_code,
        candidates.la_person_unique_identifier,
        candidates.nhs_number,
        candidates.is_sensitive,
        (
            candidates.fits_the_time
            and not candidates.died_before
            and coalesce(names_compared.agreement >= 2, true)
            and (
                candidates.date_of_birth_trust = 'trusted'
                or (
                    candidates.date_of_birth_trust = 'with_names'
                    and coalesce(names_compared.agreement = 3, false)
                )
            )
        ) as is_acceptable
    from candidates
    left join names_compared
        on
            candidates.la_code = names_compared.la_code
            and candidates.la_person_unique_identifier
            = names_compared.la_person_unique_identifier
            and candidates.nhs_number = names_compared.nhs_number

),

counted as (

    select
        la_code,
        la_person_unique_identifier,
        count(*) as candidate_count,
        count(*) = 1 and bool_and(is_acceptable) as is_match,
        min(nhs_number) as nhs_number,
        bool_or(is_sensitive) as is_sensitive
    from judged
    group by 1, 2

)

select
    la_code,
    la_person_unique_identifier,
    candidate_count,
    is_match,
    case when is_match then nhs_number end as nhs_number,
    is_match and is_sensitive as is_sensitive
from counted
