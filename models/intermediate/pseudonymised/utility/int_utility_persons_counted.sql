-- One row per agreement: exact numbers of persons whom protection shows, lets wait, hides or keeps,
-- and of those who changed since its last release. For `release_utility`, which protects them.
with

persons as (

    select * from {{ ref('int_persons_entitled') }}

),

placed as (

    select * from {{ ref('int_persons_placed') }}

),

frozen as (

    select * from {{ ref('int_releases_frozen') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

states as (

    select
        persons.agreement_reference,
        case
            when not persons.is_held and placed.person_token is null then 'waiting'
            when not persons.is_held and not placed.is_shown then 'hidden'
            when persons.is_held and placed.is_shown then 'kept'
            when placed.is_shown then 'shown'
        end as state,
        case when persons.is_held then 0 else 1 end as is_here
    from persons
    left join placed
        on
            persons.agreement_reference = placed.agreement_reference
            and persons.person_token = placed.person_token

),

counted as (

    select
        agreement_reference,
        sum(is_here) as persons_entitled,
        count(*) filter (where state in ('shown', 'kept')) as persons_shown,
        count(*) filter (where state = 'waiting') as persons_waiting,
        count(*) filter (where state = 'hidden') as persons_hidden,
        count(*) filter (where state = 'kept') as persons_kept
    from states
    group by 1

),

changed as (

    select
        agreements.agreement_reference,
        count(*) filter (where placed.is_shown and frozen.person_token is null) as persons_joined,
        count(*) filter (where frozen.is_shown and not coalesce(placed.is_shown, false))
            as persons_left,
        count(*) filter (
            where placed.is_shown and frozen.is_shown and placed.known_side <> frozen.known_side
        ) as persons_brought_up_to_date
    from agreements
    inner join placed
        on agreements.agreement_reference = placed.agreement_reference
    left join frozen
        on
            placed.agreement_reference = frozen.agreement_reference
            and placed.person_token = frozen.person_token
    group by 1

),

numbers as (

    select
        agreements.agreement_reference,
        agreements.recipient_type,
        counted.persons_entitled,
        counted.persons_shown,
        counted.persons_waiting,
        counted.persons_hidden,
        counted.persons_kept,
        counted.persons_waiting + counted.persons_hidden as persons_left_out,
        coalesce(changed.persons_joined, 0) as persons_joined,
        coalesce(changed.persons_left, 0) as persons_left,
        coalesce(changed.persons_brought_up_to_date, 0) as persons_brought_up_to_date
    from agreements
    inner join counted
        on agreements.agreement_reference = counted.agreement_reference
    left join changed
        on agreements.agreement_reference = changed.agreement_reference

)

select * from numbers
