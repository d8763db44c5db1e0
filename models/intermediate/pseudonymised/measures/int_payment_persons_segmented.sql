-- One row per agreement and person of whom it may count person-time: the one segment that the
-- person is in, person-days and costs of all months covered.
with

{{ entitled_person_months('payment_segments') }},

attributes as (

    select * from {{ ref('int_person_attributes_dated') }}

),

rules as (

    select * from {{ ref('payment_segment_rules') }}

),

segments as (

    select * from {{ ref('payment_segments_defined') }}

),

entitlements as (

    select * from {{ ref('entitlements') }}
    where
        product = 'payment_segments'
        and allowed

),

{{ periods_of_councils('periods') }},

-- An attribute counts where it holds on any day that the council's submissions cover.
held as (

    select
        attributes.la_code,
        attributes.person_token,
        min(segments.position) as position
    from attributes
    inner join periods
        on
            attributes.la_code = periods.la_code
            and attributes.valid_from <= periods.last_day
            and coalesce(attributes.valid_to, periods.last_day) >= periods.first_day
    inner join rules
        on
            attributes.attribute = rules.attribute
            and attributes.value = rules.value
    inner join segments
        on rules.segment = segments.segment
    group by 1, 2

),

placed as (

    select
        entitlements.agreement_reference,
        held.person_token,
        min(held.position) as position
    from held
    inner join entitlements
        on held.la_code = entitlements.la_code
    group by 1, 2

),

totalled as (

    select
        agreement_reference,
        recipient_type,
        area_code,
        person_token,
        min(month_start) as first_month,
        max(month_start) as last_month,
        sum(days_known) as person_days,
        sum(care_cost_pounds) as care_cost_pounds,
        sum(personal_budget_pounds) as personal_budget_pounds,
        sum(health_cost_pounds) as health_cost_pounds
    from person_months_payment_segments
    where days_known > 0
    group by 1, 2, 3, 4

),

segmented as (

    select
        ---------- under which agreement, who
        totalled.agreement_reference,
        totalled.recipient_type,
        totalled.area_code,
        totalled.person_token,

        ---------- where they belong
        segments.segment,

        ---------- person-time and costs; health cost null without a trace
        totalled.person_days,
        totalled.care_cost_pounds,
        totalled.personal_budget_pounds,
        totalled.health_cost_pounds
    from totalled
    inner join placed
        on
            totalled.agreement_reference = placed.agreement_reference
            and totalled.person_token = placed.person_token
    inner join segments
        on placed.position = segments.position

)

select * from segmented
