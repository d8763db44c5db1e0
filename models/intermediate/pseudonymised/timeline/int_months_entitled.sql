-- One row per agreement, council, person and observed month that lies in the agreement's
-- geography: by where the person lived and was registered at the end of the month. Whether a
-- product may hold the council's records is asked by each product.
with

months as (

    select * from {{ ref('int_person_months_observed') }}

),

residences as (

    select * from {{ ref('int_residences_dated') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

councils as (

    select distinct
        agreement_reference,
        la_code
    from {{ ref('entitlements') }}
    where allowed

),

entitled as (

    select
        agreements.agreement_reference,
        agreements.recipient_type,
        agreements.recipient_ons_code as area_code,
        months.la_code,
        months.person_token,
        months.month_start
    from months
    inner join residences
        on
            months.la_code = residences.la_code
            and months.person_token = residences.person_token
            and months.last_day between residences.valid_from and residences.valid_to
    inner join councils
        on months.la_code = councils.la_code
    inner join agreements
        on councils.agreement_reference = agreements.agreement_reference
    where {{ lies_in_geography('agreements', 'residences') }}

)

select * from entitled
