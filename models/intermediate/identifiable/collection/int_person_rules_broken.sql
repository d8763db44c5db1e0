-- One row per submission, person and rule across the person's rows, found at its first row. What is
-- no NHS number, and a date of birth entered when none is known, stand beside nothing.
with

rows_read as (

    select *
    from {{ ref('int_rows_read') }}
    where
        not is_total_row
        and la_person_unique_identifier is not null

),

placeholders as (

    select distinct {{ day_from_parts(
        'cast(year as string)', 'cast(month as string)', 'cast(day as string)'
    ) }} as placeholder_date
    from {{ ref('placeholder_dates_of_birth') }}
    where year is not null

),

communal as (

    select * from {{ ref('communal_accommodation') }}

),

policy as (

    select {{ policy_value('default_postcode_persons', 'integer') }} as default_postcode_persons
    from {{ ref('collection_policy') }}

),

by_person as (

    select
        rows_read.submission_id,
        rows_read.la_person_unique_identifier,
        min(rows_read.row_number) as row_number,
        count(distinct case
            when {{ nhs_number_is_valid('rows_read.nhs_number') }} then rows_read.nhs_number
        end) as nhs_numbers,
        count(distinct case
            when placeholders.placeholder_date is null then rows_read.date_of_birth
        end) as dates_of_birth
    from rows_read
    left join placeholders
        on rows_read.date_of_birth = placeholders.placeholder_date
    group by 1, 2

),

by_number as (

    select
        submission_id,
        nhs_number,
        min(row_number) as row_number,
        count(distinct la_person_unique_identifier) as persons
    from rows_read
    where {{ nhs_number_is_valid('nhs_number') }}
    group by 1, 2

),

at_postcode as (

    select
        rows_read.submission_id,
        rows_read.postcode,
        rows_read.la_person_unique_identifier,
        min(rows_read.row_number) as row_number
    from rows_read
    left join communal
        on rows_read.accommodation_status = communal.accommodation_status
    where
        rows_read.postcode is not null
        and communal.accommodation_status is null
    group by 1, 2, 3

),

by_postcode as (

    select
        submission_id,
        postcode,
        count(*) as persons
    from at_postcode
    group by 1, 2

),

broken as (

    select
        submission_id,
        row_number,
        'nhs_number' as field,
        'person_with_two_nhs_numbers' as rule_id
    from by_person
    where nhs_numbers > 1
    union all
    select
        submission_id,
        row_number,
        'date_of_birth' as field,
        'person_with_two_dates_of_birth' as rule_id
    from by_person
    where dates_of_birth > 1
    union all
    select
        submission_id,
        row_number,
        'nhs_number' as field,
        'nhs_number_of_two_persons' as rule_id
    from by_number
    where persons > 1
    union all
    select
        at_postcode.submission_id,
        at_postcode.row_number,
        'postcode' as field,
        'postcode_of_many_persons' as rule_id
    from at_postcode
    inner join by_postcode
        on
            at_postcode.submission_id = by_postcode.submission_id
            and at_postcode.postcode = by_postcode.postcode
    cross join policy
    where by_postcode.persons >= policy.default_postcode_persons

)

select * from broken
