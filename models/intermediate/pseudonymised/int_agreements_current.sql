-- The latest version of each agreement, with its recipient. Whether it is in force is judged on the
-- day of release; here every agreement is built, so that a refusal is a decision and not a gap.
with

agreements as (

    select * from {{ ref('agreements') }}

),

organisations as (

    select * from {{ ref('organisations') }}

),

ranked as (

    select
        *,
        row_number() over (partition by agreement_reference order by version desc) as recency
    from agreements

),

current_agreements as (

    select
        ranked.agreement_reference,
        ranked.version,
        ranked.controller_code,
        organisations.organisation_type as recipient_type,
        organisations.la_code as recipient_la_code,
        organisations.ons_code as recipient_ons_code,
        ranked.geography_rule,
        ranked.start_date,
        ranked.end_date,
        ranked.decision
    from ranked
    inner join organisations
        on ranked.controller_code = organisations.organisation_code
    where ranked.recency = 1

)

select * from current_agreements
