-- One row per council, person identifier and distinct valid NHS number that the council ever gave.
with

accepted_rows as (

    select *
    from {{ ref('int_rows_validated') }}
    where
        outcome = 'accepted'
        and {{ received_by_as_of('received_at') }}

),

supplied as (

    select distinct
        sender_la_code as la_code,
        la_person_unique_identifier,
        nhs_number
    from accepted_rows
    where {{ nhs_number_is_valid('nhs_number') }}

)

select * from supplied
