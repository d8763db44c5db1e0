-- One row per person token of whom a council or the patient index says that they died. Which of the
-- two is believed is decided after the wall, together with what hospitals say.
with

events as (

    select * from {{ ref('int_events_deduplicated') }}

),

tokens as (

    select * from {{ ref('int_tokens_assigned') }}

),

persons as (

    select * from {{ ref('stg_person_index__persons') }}
    where superseded_by_nhs_number is null

),

by_council as (

    select
        tokens.person_token,
        max_by(events.date_of_death, events.event_start_date) as died_by_council
    from events
    inner join tokens
        on
            events.sender_la_code = tokens.la_code
            and events.la_person_unique_identifier = tokens.la_person_unique_identifier
    where
        events.is_in_products
        and events.date_of_death is not null
    group by 1

),

by_index as (

    select
        tokens.person_token,
        max(persons.date_of_death) as died_by_index
    from tokens
    inner join persons
        on tokens.nhs_number = persons.nhs_number
    where persons.date_of_death is not null
    group by 1

),

pseudonymised as (

    select
        ---------- who
        coalesce(by_council.person_token, by_index.person_token) as person_token,

        ---------- when, as each source says
        by_council.died_by_council,
        by_index.died_by_index
    from by_council
    full outer join by_index
        on by_council.person_token = by_index.person_token

)

select * from pseudonymised
