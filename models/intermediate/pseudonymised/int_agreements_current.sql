-- The version of each agreement that counts today, with its recipient: the latest that is approved
-- and has begun, else the latest. Whether it is in force is decided by the entitlements and judged
-- again on the day of release; here every agreement stands, so that a refusal is a decision and not
-- a gap. A renewal that waits for approval or its first day leaves the version before it in place.
with

agreements as (

    select * from {{ ref('agreements') }}

),

organisations as (

    select * from {{ ref('organisations') }}

),

recipient_knowledge as (

    select * from {{ ref('recipient_knowledge') }}

),

ranked as (

    select
        agreements.*,
        row_number() over (
            partition by agreements.agreement_reference
            order by
                case when {{ version_is_begun('agreements', 'current_date') }} then 0 else 1 end,
                agreements.version desc
        ) as preference
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
        recipient_knowledge.knows,
        ranked.geography_rule,
        ranked.start_date,
        ranked.end_date,
        ranked.decision,
        ranked.opt_outs_applied,
        ranked.token_rotation
    from ranked
    inner join organisations
        on ranked.controller_code = organisations.organisation_code
    left join recipient_knowledge
        on organisations.organisation_type = recipient_knowledge.recipient_type
    where ranked.preference = 1

)

select * from current_agreements
