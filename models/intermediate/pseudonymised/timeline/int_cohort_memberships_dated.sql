-- One row per cohort, council, person and unbroken stretch of membership, by the rules of the
-- seed.
with

attributes as (

    select * from {{ ref('int_person_attributes_dated') }}

),

rules as (

    select * from {{ ref('cohort_rules') }}

),

spells as (

    select * from {{ ref('int_care_spells_stitched') }}

),

{{ intervals_merged(
    'supports_marked', 'spells', ['la_code', 'person_token'], 'start_date', 'end_date', '1'
) }},

supported as (

    select
        la_code,
        person_token,
        min(start_date) as start_date,
        case when count(*) = count(end_date) then max(end_date) end as end_date
    from supports_marked
    group by la_code, person_token, island

),

ruled as (

    select
        rules.cohort,
        attributes.la_code,
        attributes.person_token,
        attributes.valid_from,
        attributes.valid_to
    from rules
    inner join attributes
        on
            rules.attribute = attributes.attribute
            and rules.value = attributes.value
    where not rules.needs_support
    union all
    select
        rules.cohort,
        attributes.la_code,
        attributes.person_token,
        greatest(attributes.valid_from, supported.start_date) as valid_from,
        case
            when attributes.valid_to is null then supported.end_date
            when supported.end_date is null then attributes.valid_to
            else least(attributes.valid_to, supported.end_date)
        end as valid_to
    from rules
    inner join attributes
        on
            rules.attribute = attributes.attribute
            and rules.value = attributes.value
    inner join supported
        on
            attributes.la_code = supported.la_code
            and attributes.person_token = supported.person_token
            and attributes.valid_from <= coalesce(supported.end_date, date '9999-12-31')
            and coalesce(attributes.valid_to, date '9999-12-31') >= supported.start_date
    where rules.needs_support

),

{{ intervals_merged(
    'memberships_marked', 'ruled', ['cohort', 'la_code', 'person_token'], 'valid_from', 'valid_to',
    '1'
) }},

memberships as (

    select
        ---------- which cohort, who
        cohort,
        la_code,
        person_token,

        ---------- when
        min(valid_from) as member_from,
        case when count(*) = count(valid_to) then max(valid_to) end as member_to
    from memberships_marked
    group by cohort, la_code, person_token, island

)

select * from memberships
