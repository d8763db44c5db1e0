-- Which organisation holds what a code stood for: a CCG or trust that was merged lives on in its
-- successor from the day after its last one, so that records coded before the merger stay its own.
with

organisations as (

    select * from {{ ref('organisations') }}

),

steps as (

    select
        organisation_code,
        case when valid_to < current_date then successor_code end as next_code
    from organisations

),

-- Three mergers in a row are followed; a longer chain turns a test red.
followed as (

    select
        organisations.organisation_code,
        organisations.organisation_type,
        organisations.ons_code,
        coalesce(
            step_three.next_code,
            step_two.next_code,
            step_one.next_code,
            organisations.organisation_code
        ) as current_code
    from organisations
    left join steps as step_one
        on organisations.organisation_code = step_one.organisation_code
    left join steps as step_two
        on step_one.next_code = step_two.organisation_code
    left join steps as step_three
        on step_two.next_code = step_three.organisation_code

)

select * from followed
