-- To a CCG its patients' hospital activity is what it knows already: it is shown as far as its
-- person's class allows (quarters, years, kinds only, or not at all). To a council it is shown by
-- quarter.
with

activities as (

    select * from {{ ref('int_health_activity_entitled') }}

),

protected_persons as (

    select * from {{ ref('int_persons_protected') }}

),

detailed as (

    select
        protected_persons.agreement_reference,
        protected_persons.person_pseudonym,
        activities.activity_type,
        activities.activity_date,
        case
            when protected_persons.recipient_type = 'ccg' then protected_persons.known_level
            else 0
        end as detail_level
    from activities
    inner join protected_persons
        on
            activities.agreement_reference = protected_persons.agreement_reference
            and activities.person_token = protected_persons.person_token

),

by_period as (

    select
        agreement_reference,
        person_pseudonym,
        activity_type,
        case
            when detail_level = 0 then {{ quarter_of('activity_date') }}
            else {{ year_of('activity_date') }}
        end as period
    from detailed
    where detail_level < 2

),

by_kind as (

    select distinct
        agreement_reference,
        person_pseudonym,
        activity_type,
        '*' as period
    from detailed
    where detail_level = 2

),

shown as (

    select * from by_period
    union all
    select * from by_kind

)

select
    agreement_reference,
    person_pseudonym,
    activity_type,
    period
from shown
