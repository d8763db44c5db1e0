-- To a council its own care events are what it knows already: they are shown as far as its person's
-- class allows (quarters, years, kinds only, or not at all). To a CCG they are shown by quarter.
with

events as (

    select * from {{ ref('int_care_events_entitled') }}
    where
        product = 'linked_care_events'
        and event_type is not null

),

protected_persons as (

    select * from {{ ref('int_persons_protected') }}

),

detailed as (

    select
        protected_persons.agreement_reference,
        protected_persons.person_pseudonym,
        events.event_type,
        events.service_type,
        events.event_start_date,
        events.event_end_date,
        case
            when protected_persons.recipient_type = 'council' then protected_persons.known_level
            else 0
        end as detail_level
    from events
    inner join protected_persons
        on
            events.agreement_reference = protected_persons.agreement_reference
            and events.person_token = protected_persons.person_token

),

by_quarter as (

    select
        agreement_reference,
        person_pseudonym,
        event_type,
        service_type,
        {{ quarter_of('event_start_date') }} as start_period,
        {{ quarter_of('event_end_date') }} as end_period
    from detailed
    where detail_level = 0

),

by_year as (

    select
        agreement_reference,
        person_pseudonym,
        event_type,
        service_type,
        {{ year_of('event_start_date') }} as start_period,
        {{ year_of('event_end_date') }} as end_period
    from detailed
    where detail_level = 1

),

by_kind as (

    select distinct
        agreement_reference,
        person_pseudonym,
        event_type,
        service_type,
        '*' as start_period,
        '*' as end_period
    from detailed
    where detail_level = 2

),

shown as (

    select * from by_quarter
    union all
    select * from by_year
    union all
    select * from by_kind

)

select
    agreement_reference,
    person_pseudonym,
    event_type,
    service_type,
    start_period,
    end_period
from shown
