-- The one gate: whatever leaves passes through it by inner join. The default is refusal.
with

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

agreement_products as (

    select * from {{ ref('agreement_products') }}

),

agreement_purposes as (

    select distinct agreement_reference
    from {{ ref('agreement_purposes') }}

),

preferences as (

    select * from {{ ref('council_preferences') }}

),

councils as (

    select distinct la_code
    from {{ ref('int_periods_covered') }}

),

products as (

    select distinct product
    from agreement_products

),

asked as (

    select
        agreements.agreement_reference,
        agreements.recipient_type,
        agreements.recipient_la_code,
        agreements.controller_code,
        agreements.geography_rule,
        agreements.decision,
        agreements.start_date,
        agreements.end_date,
        councils.la_code,
        products.product,
        agreement_products.product is not null as is_listed,
        agreement_purposes.agreement_reference is not null as has_purpose
    from agreements
    cross join councils
    cross join products
    left join agreement_products
        on
            agreements.agreement_reference = agreement_products.agreement_reference
            and products.product = agreement_products.product
    left join agreement_purposes
        on agreements.agreement_reference = agreement_purposes.agreement_reference

),

-- A preference speaks about a council's records, a recipient and a product; blank or `all` is every
-- one. Withholding wins over allowing.
withheld as (

    select
        asked.agreement_reference,
        asked.la_code,
        asked.product
    from asked
    inner join preferences
        on
            asked.la_code = preferences.la_code
            and coalesce(preferences.recipient_code, 'all') in (asked.controller_code, 'all')
            and coalesce(preferences.product, 'all') in (asked.product, 'all')
    where
        preferences.preference = 'withhold'
        and current_date between coalesce(preferences.valid_from, date '0001-01-01')
        and coalesce(preferences.valid_to, date '9999-12-31')
    group by 1, 2, 3

),

decided as (

    select
        asked.agreement_reference,
        asked.la_code,
        asked.product,
        case
            when asked.decision <> 'approved' then 'agreement is not approved'
            when not asked.has_purpose then 'agreement names no purpose'
            when not asked.is_listed then 'product is not listed in the agreement'
            when asked.recipient_type = 'csu' then 'a processor is never a recipient'
            when
                asked.geography_rule = 'submitted' and asked.la_code <> asked.recipient_la_code
                then 'a council receives only what it submitted'
            when withheld.la_code is not null then 'council withholds from this recipient'
        end as refusal,
        asked.start_date as valid_from,
        asked.end_date as valid_to
    from asked
    left join withheld
        on
            asked.agreement_reference = withheld.agreement_reference
            and asked.la_code = withheld.la_code
            and asked.product = withheld.product

)

select
    cast(agreement_reference as varchar) as agreement_reference,
    cast(la_code as varchar) as la_code,
    cast(product as varchar) as product,
    refusal is null as allowed,
    cast(coalesce(refusal, 'allowed by the agreement') as varchar) as reason,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from decided
