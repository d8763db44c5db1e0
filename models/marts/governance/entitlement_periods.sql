-- The decision for every day: a period goes on as long as nothing that matters changes. The default
-- is refusal: each condition must hold by itself, and what is not known does not hold.
with

agreements as (

    select * from {{ ref('agreements') }}

),

agreement_products as (

    select distinct
        agreement_reference,
        product
    from {{ ref('agreement_products') }}

),

agreement_purposes as (

    select * from {{ ref('agreement_purposes') }}

),

agreement_processors as (

    select * from {{ ref('agreement_processors') }}

),

product_purposes as (

    select * from {{ ref('product_purposes') }}

),

preferences as (

    select * from {{ ref('council_preferences') }}

),

organisations as (

    select * from {{ ref('organisations') }}

),

succeeded as (

    select * from {{ ref('int_organisations_succeeded') }}

),

events as (

    select * from {{ ref('int_care_events_pseudonymised') }}

),

councils as (

    select distinct la_code
    from {{ ref('int_periods_covered') }}

),

products as (

    select distinct product
    from product_purposes

),

---------- on which days can an answer change

days_of_agreements as (

    select
        agreement_reference,
        start_date as first_day
    from agreements
    union
    select
        agreement_reference,
        approved_on as first_day
    from agreements
    union
    select
        agreement_reference,
        {{ days_added('end_date', 1) }} as first_day
    from agreements
    union
    select
        agreements.agreement_reference,
        organisations.valid_from as first_day
    from agreements
    inner join organisations
        on agreements.controller_code = organisations.organisation_code
    union
    select
        agreements.agreement_reference,
        {{ days_added('organisations.valid_to', 1) }} as first_day
    from agreements
    inner join organisations
        on agreements.controller_code = organisations.organisation_code

),

days_of_preferences as (

    select valid_from as first_day
    from preferences
    union
    select {{ days_added('valid_to', 1) }} as first_day
    from preferences
    union
    select cast('1900-01-01' as date) as first_day

),

references_listed as (

    select distinct agreement_reference
    from agreements

),

days as (

    select
        agreement_reference,
        first_day
    from days_of_agreements
    where first_day is not null
    union
    select
        references_listed.agreement_reference,
        days_of_preferences.first_day
    from references_listed
    cross join days_of_preferences
    where days_of_preferences.first_day is not null

),

---------- which version counts on a day

versions as (

    select
        days.first_day,
        agreements.agreement_reference,
        agreements.version,
        agreements.controller_code,
        agreements.legal_basis,
        agreements.geography_rule,
        agreements.start_date,
        agreements.end_date,
        agreements.approved_on,
        agreements.decision,
        agreements.opt_outs_applied,
        agreements.is_anonymised,
        agreements.sublicensing,
        row_number() over (
            partition by agreements.agreement_reference, days.first_day
            order by
                case when {{ version_is_begun('agreements', 'days.first_day') }} then 0 else 1 end,
                agreements.version desc
        ) as preference
    from agreements
    inner join days
        on agreements.agreement_reference = days.agreement_reference

),

---------- does the data hold anybody of the recipient's

controllers as (

    select
        agreements.agreement_reference,
        agreements.version,
        agreements.geography_rule,
        succeeded.current_code as controller_code
    from agreements
    inner join succeeded
        on agreements.controller_code = succeeded.organisation_code

),

populations as (

    select distinct
        controllers.agreement_reference,
        controllers.version
    from controllers
    inner join events
        on {{ lies_in_geography('controllers', 'events') }}

),

---------- what is asked

asked as (

    select
        versions.*,
        organisations.organisation_type as recipient_type,
        organisations.la_code as recipient_la_code,
        organisations.valid_from as recipient_from,
        organisations.valid_to as recipient_to,
        councils.la_code,
        products.product,
        agreement_products.product is not null as is_listed,
        populations.agreement_reference is not null as has_population
    from versions
    left join organisations
        on versions.controller_code = organisations.organisation_code
    left join populations
        on
            versions.agreement_reference = populations.agreement_reference
            and versions.version = populations.version
    cross join councils
    cross join products
    left join agreement_products
        on
            versions.agreement_reference = agreement_products.agreement_reference
            and products.product = agreement_products.product
    where versions.preference = 1

),

purposed as (

    select distinct
        agreement_purposes.agreement_reference,
        product_purposes.product
    from agreement_purposes
    inner join product_purposes
        on agreement_purposes.purpose = product_purposes.purpose

),

---------- what councils prefer

-- A preference speaks about a council's records, a recipient and a product; blank or `all` is every
-- one. It binds the recipient, those who process for it, and whoever succeeds either.
parties as (

    select
        agreement_reference,
        version,
        controller_code as party_code
    from agreements
    union
    select
        agreements.agreement_reference,
        agreements.version,
        agreement_processors.processor_code as party_code
    from agreements
    inner join agreement_processors
        on agreements.agreement_reference = agreement_processors.agreement_reference

),

party_codes as (

    select
        parties.agreement_reference,
        parties.version,
        succeeded.organisation_code as party_code
    from parties
    inner join succeeded as itself
        on parties.party_code = itself.organisation_code
    inner join succeeded
        on itself.current_code = succeeded.current_code
    union
    select
        agreement_reference,
        version,
        'all' as party_code
    from parties

),

preferred as (

    select
        asked.agreement_reference,
        asked.version,
        asked.first_day,
        asked.la_code,
        asked.product,
        max(case when preferences.preference = 'withhold' then 1 else 0 end) as is_withheld,
        max(case when preferences.preference = 'minimum_area' then preferences.minimum_area end)
            as minimum_area
    from asked
    inner join party_codes
        on
            asked.agreement_reference = party_codes.agreement_reference
            and asked.version = party_codes.version
    inner join preferences
        on
            asked.la_code = preferences.la_code
            and party_codes.party_code = coalesce(preferences.recipient_code, 'all')
            and coalesce(preferences.product, 'all') in (asked.product, 'all')
            and asked.first_day >= coalesce(preferences.valid_from, asked.first_day)
            and asked.first_day <= coalesce(preferences.valid_to, asked.first_day)
    group by 1, 2, 3, 4, 5

),

---------- the answer

decided as (

    select
        asked.agreement_reference,
        asked.la_code,
        asked.product,
        asked.first_day,
        preferred.minimum_area,
        case
            when coalesce(asked.decision, '') <> 'approved' then 'agreement is not approved'
            when coalesce(asked.approved_on > asked.first_day, true)
                then 'agreement is not yet approved'
            when asked.start_date is null then 'agreement has no first day'
            when asked.end_date is null then 'agreement has no last day'
            when asked.start_date > asked.first_day then 'agreement has not begun'
            when asked.end_date < asked.first_day then 'agreement has expired'
            when asked.recipient_type is null then 'recipient is not in the register'
            when asked.recipient_type = 'csu' then 'a processor is never a recipient'
            when asked.recipient_type not in ('council', 'ccg')
                then 'recipient is neither a council nor a CCG'
            when
                asked.first_day < coalesce(asked.recipient_from, asked.first_day)
                or asked.first_day > coalesce(asked.recipient_to, asked.first_day)
                then 'recipient does not exist on that day'
            when coalesce(asked.legal_basis, '') = '' then 'agreement names no legal basis'
            when coalesce(asked.sublicensing, false)
                then 'agreement lets the recipient pass data on'
            when not coalesce(asked.is_anonymised, true) then 'agreement is not for anonymised data'
            when coalesce(asked.opt_outs_applied, false)
                then 'opt-outs are not applied to anonymised data'
            when not asked.is_listed then 'product is not listed in the agreement'
            when purposed.product is null
                then 'no purpose of the product is listed in the agreement'
            when
                (asked.recipient_type = 'council')
                <> (coalesce(asked.geography_rule, '') = 'submitted')
                then 'geography rule does not fit the recipient'
            when
                asked.geography_rule = 'submitted'
                and coalesce(asked.la_code <> asked.recipient_la_code, true)
                then 'a council receives only what it submitted'
            when not asked.has_population then 'none of its population is in the data'
            when coalesce(preferred.is_withheld, 0) = 1 then 'council withholds from this recipient'
        end as refusal
    from asked
    left join purposed
        on
            asked.agreement_reference = purposed.agreement_reference
            and asked.product = purposed.product
    left join preferred
        on
            asked.agreement_reference = preferred.agreement_reference
            and asked.first_day = preferred.first_day
            and asked.la_code = preferred.la_code
            and asked.product = preferred.product

),

---------- days with the same answer, one after the other, are one period

answered as (

    select
        agreement_reference,
        la_code,
        product,
        first_day,
        refusal is null as allowed,
        coalesce(refusal, 'allowed by the agreement') as reason,
        case when refusal is null then coalesce(minimum_area, 'lsoa') end as minimum_area
    from decided

),

compared as (

    select
        *,
        lag(reason) over (
            partition by agreement_reference, la_code, product
            order by first_day
        ) as reason_before,
        lag(minimum_area) over (
            partition by agreement_reference, la_code, product
            order by first_day
        ) as minimum_area_before
    from answered

),

begun as (

    select *
    from compared
    where
        reason_before is null
        or reason <> reason_before
        or coalesce(minimum_area, '') <> coalesce(minimum_area_before, '')

),

bounded as (

    select
        agreement_reference,
        la_code,
        product,
        allowed,
        reason,
        minimum_area,
        case when reason_before is not null then first_day end as valid_from,
        {{ days_added(
            'lead(first_day) over (partition by agreement_reference, la_code, product'
            ~ ' order by first_day)', -1) }} as valid_to
    from begun

)

select
    cast(agreement_reference as varchar) as agreement_reference,
    cast(la_code as varchar) as la_code,
    cast(product as varchar) as product,
    allowed,
    cast(reason as varchar) as reason,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    cast(minimum_area as varchar) as minimum_area
from bounded
