-- One row per agreement, day, council and product that a council's preference is about on that day.
-- A preference speaks about a council's records, a recipient and a product; blank or `all` is every
-- one. It binds the recipient, those who process for it, and whoever succeeds either.
with

agreements as (

    select * from {{ ref('agreements') }}

),

agreement_processors as (

    select * from {{ ref('agreement_processors') }}

),

agreements_dated as (

    select * from {{ ref('int_agreements_dated') }}

),

preferences as (

    select * from {{ ref('council_preferences') }}

),

products as (

    select distinct product
    from {{ ref('product_purposes') }}

),

succeeded as (

    select * from {{ ref('int_organisations_succeeded') }}

),

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
        on {{ is_of_version('agreement_processors', 'agreements') }}

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

bound as (

    select
        agreements_dated.agreement_reference,
        agreements_dated.first_day,
        preferences.la_code,
        products.product,
        max(case when preferences.preference = 'withhold' then 1 else 0 end) = 1 as is_withheld,
        max(case when preferences.preference = 'minimum_area' then preferences.minimum_area end)
            as minimum_area
    from agreements_dated
    inner join party_codes
        on
            agreements_dated.agreement_reference = party_codes.agreement_reference
            and agreements_dated.version = party_codes.version
    inner join preferences
        on
            party_codes.party_code = coalesce(preferences.recipient_code, 'all')
            and agreements_dated.first_day
            >= coalesce(preferences.valid_from, agreements_dated.first_day)
            and agreements_dated.first_day
            <= coalesce(preferences.valid_to, agreements_dated.first_day)
    inner join products
        on coalesce(preferences.product, 'all') in (products.product, 'all')
    group by 1, 2, 3, 4

)

select * from bound
