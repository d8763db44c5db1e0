-- One row per council and person identifier: for each detail the last one that the council gave in
-- an accepted row of a submission received by the as-of date.
with

accepted_rows as (

    select *
    from {{ ref('int_rows_validated') }}
    where
        outcome = 'accepted'
        and {{ received_by_as_of('received_at') }}

),

gender_codes as (

    select * from {{ ref('trace_gender_codes') }}

),

ranked as (

    select
        accepted_rows.*,
        gender_codes.index_gender,
        row_number() over (
            partition by
                accepted_rows.sender_la_code,
                accepted_rows.la_person_unique_identifier
            order by
                accepted_rows.received_at asc,
                accepted_rows.event_start_date asc nulls first,
                accepted_rows.submission_id asc,
                accepted_rows.row_number asc
        ) as recency
    from accepted_rows
    left join gender_codes
        on accepted_rows.gender = gender_codes.gender

),

requests as (

    select
        ---------- identifiers
        sender_la_code as la_code,
        la_person_unique_identifier,
        max_by(nhs_number, recency) filter (where nhs_number is not null) as supplied_nhs_number,
        upper(max_by(trim(first_name), recency) filter (where trim(first_name) <> ''))
            as given_name,
        upper(max_by(trim(last_name), recency) filter (where trim(last_name) <> ''))
            as family_name,
        max_by(date_of_birth, recency) filter (where date_of_birth is not null) as date_of_birth,
        max_by({{ postcode_normalised('postcode') }}, recency) filter (
            where {{ postcode_normalised('postcode') }} is not null
        ) as postcode,

        ---------- attributes
        max_by(index_gender, recency) filter (where index_gender is not null) as gender,
        max_by(upper(trim(gp_practice_code)), recency) filter (
            where trim(gp_practice_code) <> ''
        ) as gp_practice_code,

        ---------- dates
        max(event_start_date) as event_date,
        max_by(date_of_death, recency) filter (where date_of_death is not null) as date_of_death
    from ranked
    group by 1, 2

)

select * from requests
