-- One row per agreement and day on which an answer about it may change: the version that counts
-- from that day on, with its recipient and whether the data hold anybody of the recipient's.
with

agreements as (

    select * from {{ ref('agreements') }}

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
        agreements.*,
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

dated as (

    select
        ---------- which version, from when
        versions.agreement_reference,
        versions.version,
        versions.first_day,

        ---------- what it says
        versions.legal_basis,
        versions.geography_rule,
        versions.start_date,
        versions.end_date,
        versions.approved_on,
        versions.decision,
        versions.opt_outs_applied,
        versions.is_anonymised,
        versions.sublicensing,

        ---------- who receives
        organisations.organisation_type as recipient_type,
        organisations.la_code as recipient_la_code,
        organisations.valid_from as recipient_from,
        organisations.valid_to as recipient_to,
        populations.agreement_reference is not null as has_population
    from versions
    left join organisations
        on versions.controller_code = organisations.organisation_code
    left join populations
        on
            versions.agreement_reference = populations.agreement_reference
            and versions.version = populations.version
    where versions.preference = 1

)

select * from dated
