-- One row per pair of a client whose number is confirmed and some other person of the index: pairs
-- known to be two persons. All who share the postcode of a sample of clients, a sample from its
-- district and from everywhere, from those with the family name in the district;
-- and of all clients those who share postcode and family name, or
-- date of birth, district and family name as twins do: each sample answers for its own contexts.
with

{{ pairs_inputs() }}

sampling as (

    select
        {{ policy_value('measured_clients', 'integer') }} as measured_clients,
        {{ policy_value('measured_share_of_district', 'double') }} as measured_share_of_district,
        {{ policy_value('measured_strangers', 'integer') }} as measured_strangers
    from {{ ref('trace_policy') }}

),

-- A sample in the order of the scattered index number: no run of one council's clients.
known as (

    select
        requests.*,
        confirmed.person_id as own_person_id,
        row_number() over (
            order by (confirmed.person_id * 48271) % 2147483647, requests.request_id
        ) as place
    from requests
    inner join confirmed
        on requests.request_id = confirmed.request_id

),

sampled as (

    select known.*
    from known
    cross join sampling
    where known.place <= sampling.measured_clients

),

everyone as (

    select persons
    from value_counts
    where field = 'everyone'

),

strangers as (

    select distinct variants.person_id
    from variants
    cross join sampling
    cross join everyone
    where
        ((variants.person_id * 48271) % 2147483647) / 2147483647.0
        < sampling.measured_strangers / everyone.persons

),

paired as (

    select
        'place' as drawn_from,
        sampled.request_id,
        sampled.own_person_id,
        variants.person_id
    from sampled
    inner join variants
        on sampled.postcode_id = variants.postcode_id

    union

    select
        'place' as drawn_from,
        sampled.request_id,
        sampled.own_person_id,
        variants.person_id
    from sampled
    inner join variants
        on sampled.district_id = variants.district_id
    cross join sampling
    where
        ((variants.person_id * 69621) % 2147483647) / 2147483647.0
        < sampling.measured_share_of_district

    union

    select
        'place' as drawn_from,
        sampled.request_id,
        sampled.own_person_id,
        strangers.person_id
    from sampled
    cross join strangers
    where sampled.place % 10 = 0

    union

    select
        'household' as drawn_from,
        known.request_id,
        known.own_person_id,
        variants.person_id
    from known
    inner join variants
        on
            known.postcode_id = variants.postcode_id
            and known.family_name_id = variants.family_name_id

    union

    select
        'relative' as drawn_from,
        sampled.request_id,
        sampled.own_person_id,
        variants.person_id
    from sampled
    inner join variants
        on
            sampled.district_id = variants.district_id
            and sampled.family_name_id = variants.family_name_id

    union

    select
        'twin' as drawn_from,
        known.request_id,
        known.own_person_id,
        variants.person_id
    from known
    inner join variants
        on
            known.date_of_birth = variants.date_of_birth
            and known.district_id = variants.district_id
            and known.family_name_id = variants.family_name_id

),

others as (

    select
        drawn_from,
        request_id,
        person_id
    from paired
    where person_id <> own_person_id

),

pairs as (

    select distinct
        request_id,
        person_id
    from others

),

{{ pairs_compared() }}

select
    others.drawn_from,
    compared.*
from compared
inner join others
    on
        compared.request_id = others.request_id
        and compared.person_id = others.person_id
