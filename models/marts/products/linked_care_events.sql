-- To a council its own care events are what it knows already: they are shown as its person's class
-- allows (quarters, years, kinds only, or not at all). To a CCG they are shown by quarter.
with

events as (

    select * from {{ ref('int_care_events_entitled') }}
    where
        product = 'linked_care_events'
        and event_type is not null
        and knows <> 'care'

),

protected_persons as (

    select * from {{ ref('int_persons_protected') }}

),

known_rows as (

    select
        agreement_reference,
        person_pseudonym,
        known_level,
        {{ text_parts_each("split_part(known_side, '#', 1)", ';') }} as known_row
    from protected_persons
    where
        knows = 'care'
        and known_level < 3

),

shown as (

    select
        agreement_reference,
        person_pseudonym,
        split_part(known_row, '|', 1) as event_type,
        nullif(split_part(known_row, '|', 2), '') as service_type,
        case when known_level < 2 then nullif(split_part(known_row, '|', 3), '') else '*' end
            as start_period,
        case when known_level < 2 then nullif(split_part(known_row, '|', 4), '') else '*' end
            as end_period
    from known_rows
    where known_row <> ''
    union all
    select
        protected_persons.agreement_reference,
        protected_persons.person_pseudonym,
        events.event_type,
        events.service_type,
        {{ quarter_of('events.event_start_date') }} as start_period,
        {{ quarter_of('events.event_end_date') }} as end_period
    from events
    inner join protected_persons
        on
            events.agreement_reference = protected_persons.agreement_reference
            and events.person_token = protected_persons.person_token

)

select
    agreement_reference,
    person_pseudonym,
    event_type,
    service_type,
    start_period,
    end_period
from shown
