-- To a CCG its patients' hospital activity is what it knows already: it is shown as its person's
-- class allows (quarters, years, kinds only, or not at all). To a council it is shown by quarter.
with

activities as (

    select * from {{ ref('int_health_activity_entitled') }}
    where knows <> 'health'

),

protected_persons as (

    select * from {{ ref('int_persons_protected') }}

),

known_rows as (

    select
        agreement_reference,
        person_pseudonym,
        known_level,
        {{ text_parts_each('known_side', ';') }} as known_row
    from protected_persons
    where
        knows = 'health'
        and known_level < 3

),

shown as (

    select
        agreement_reference,
        person_pseudonym,
        split_part(known_row, '|', 1) as activity_type,
        case when known_level < 2 then split_part(known_row, '|', 2) else '*' end as period
    from known_rows
    where known_row <> ''
    union all
    select
        protected_persons.agreement_reference,
        protected_persons.person_pseudonym,
        activities.activity_type,
        {{ quarter_of('activities.activity_date') }} as period
    from activities
    inner join protected_persons
        on
            activities.agreement_reference = protected_persons.agreement_reference
            and activities.person_token = protected_persons.person_token

)

select
    agreement_reference,
    person_pseudonym,
    activity_type,
    period
from shown
