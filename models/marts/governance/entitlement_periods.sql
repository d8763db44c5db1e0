-- The decision for every day: a period goes on as long as nothing that matters changes. The default
-- is refusal: each condition must hold by itself, and what is not known does not hold.
with

agreements as (

    select * from {{ ref('int_agreements_dated') }}

),

agreement_products as (

    select * from {{ ref('agreement_products') }}

),

agreement_purposes as (

    select * from {{ ref('agreement_purposes') }}

),

product_purposes as (

    select * from {{ ref('product_purposes') }}

),

preferred as (

    select * from {{ ref('int_preferences_bound') }}

),

policies as (

    select * from {{ ref('flow_policies') }}
    where policy = 'national_data_opt_out'

),

councils as (

    select distinct la_code
    from {{ ref('int_periods_covered') }}

),

products as (

    select distinct product
    from product_purposes

),

---------- what a version lists

listed as (

    select distinct
        agreements.agreement_reference,
        agreements.version,
        agreement_products.product
    from agreements
    inner join agreement_products
        on {{ is_of_version('agreement_products', 'agreements') }}

),

purposed as (

    select distinct
        agreements.agreement_reference,
        agreements.version,
        product_purposes.product
    from agreements
    inner join agreement_purposes
        on {{ is_of_version('agreement_purposes', 'agreements') }}
    inner join product_purposes
        on agreement_purposes.purpose = product_purposes.purpose

),

---------- what is asked

asked as (

    select
        agreements.*,
        councils.la_code,
        products.product,
        listed.product is not null as is_listed,
        purposed.product is not null as has_purpose,
        policies.is_applied as opt_outs_due,
        coalesce(preferred.is_withheld, false) as is_withheld,
        preferred.minimum_area
    from agreements
    cross join councils
    cross join products
    left join listed
        on
            agreements.agreement_reference = listed.agreement_reference
            and agreements.version = listed.version
            and products.product = listed.product
    left join purposed
        on
            agreements.agreement_reference = purposed.agreement_reference
            and agreements.version = purposed.version
            and products.product = purposed.product
    left join policies
        on coalesce(agreements.is_anonymised, true) = policies.is_anonymised
    left join preferred
        on
            agreements.agreement_reference = preferred.agreement_reference
            and agreements.first_day = preferred.first_day
            and councils.la_code = preferred.la_code
            and products.product = preferred.product

),

---------- the answer

decided as (

    select
        asked.agreement_reference,
        asked.la_code,
        asked.product,
        asked.first_day,
        asked.minimum_area,
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
            when coalesce(coalesce(asked.opt_outs_applied, false) <> asked.opt_outs_due, true)
                then 'opt-outs are not applied to anonymised data'
            when not asked.is_listed then 'product is not listed in the agreement'
            when not asked.has_purpose
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
            when asked.is_withheld then 'council withholds from this recipient'
        end as refusal
    from asked

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
    cast(agreement_reference as string) as agreement_reference,
    cast(la_code as string) as la_code,
    cast(product as string) as product,
    allowed,
    cast(reason as string) as reason,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    cast(minimum_area as string) as minimum_area
from bounded
