-- One row per agreement and person of whom it may receive record-level rows, with attributes from
-- the latest council that reported the person to it.
with

events as (

    select * from {{ ref('int_care_events_entitled') }}

),

persons as (

    select * from {{ ref('int_persons_pseudonymised') }}

),

frozen as (

    select * from {{ ref('int_releases_frozen') }}

),

entitlements as (

    select * from {{ ref('entitlements') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

lsoas as (

    select * from {{ ref('stg_reference__lsoas') }}

),


settings as (

    select * from {{ ref('care_settings') }}

),

person_councils as (

    select
        events.agreement_reference,
        events.person_token,
        events.la_code,
        max(events.event_start_date) as latest_event,
        min(settings.setting_rank) as setting_rank
    from events
    left join settings
        on events.service_type = settings.service_type
    where events.product like 'linked_%'
    group by 1, 2, 3

),

ranked as (

    select
        *,
        row_number() over (
            partition by agreement_reference, person_token
            order by latest_event desc nulls last, la_code asc
        ) as recency,
        min(setting_rank) over (partition by agreement_reference, person_token)
            as best_setting_rank
    from person_councils

),

setting_names as (

    select
        setting_rank,
        min(care_setting) as care_setting
    from settings
    group by 1

),

entitled as (

    select
        ---------- under which agreement
        agreements.agreement_reference,
        agreements.recipient_type,
        agreements.knows,

        ---------- who
        persons.person_token,
        persons.person_token_type,
        ranked.la_code,

        ---------- generalised attributes
        persons.age_band_five,
        persons.age_band_ten,
        persons.age_band_adult,
        persons.sex,
        persons.ethnic_group,
        persons.primary_support_reason,
        coalesce(setting_names.care_setting, 'no_service') as care_setting,

        ---------- area: small only inside the recipient's own and as far as the council agrees
        case
            when entitlements.minimum_area = 'whole' then agreements.recipient_ons_code
            when
                agreements.geography_rule = 'submitted'
                and persons.local_authority_ons_code = agreements.recipient_ons_code
                then persons.msoa11
            when
                agreements.geography_rule <> 'submitted'
                and lsoas.ccg_ons_code = agreements.recipient_ons_code
                then persons.msoa11
            else agreements.recipient_ons_code
        end as area_small,
        agreements.recipient_ons_code as area_large
    from ranked
    inner join persons
        on
            ranked.person_token = persons.person_token
            and ranked.la_code = persons.la_code
    inner join agreements
        on ranked.agreement_reference = agreements.agreement_reference
    left join entitlements
        on
            ranked.agreement_reference = entitlements.agreement_reference
            and ranked.la_code = entitlements.la_code
            and entitlements.product = 'linked_persons'
            and entitlements.allowed
    left join lsoas
        on persons.lsoa11 = lsoas.lsoa11
    left join setting_names
        on ranked.best_setting_rank = setting_names.setting_rank
    where ranked.recency = 1

),

-- Who has left the data but was shown is kept until a group large enough may go: a token that is
-- gone alone would point at the one client known to have left.
held as (

    select
        agreements.agreement_reference,
        agreements.recipient_type,
        agreements.knows,
        frozen.person_token,
        frozen.person_token_type,
        frozen.la_code,
        cast(null as {{ dbt.type_string() }}) as age_band_five,
        cast(null as {{ dbt.type_string() }}) as age_band_ten,
        cast(null as {{ dbt.type_string() }}) as age_band_adult,
        cast(null as {{ dbt.type_string() }}) as sex,
        cast(null as {{ dbt.type_string() }}) as ethnic_group,
        frozen.primary_support_reason,
        frozen.care_setting,
        cast(null as {{ dbt.type_string() }}) as area_small,
        agreements.recipient_ons_code as area_large
    from frozen
    inner join agreements
        on frozen.agreement_reference = agreements.agreement_reference
    inner join entitlements
        on
            frozen.agreement_reference = entitlements.agreement_reference
            and frozen.la_code = entitlements.la_code
            and entitlements.product = 'linked_persons'
            and entitlements.allowed
    left join entitled
        on
            frozen.agreement_reference = entitled.agreement_reference
            and frozen.person_token = entitled.person_token
    where
        frozen.is_shown
        and entitled.person_token is null

),

all_entitled as (

    select
        *,
        false as is_held
    from entitled
    union all
    select
        *,
        true as is_held
    from held

)

select * from all_entitled
