-- Hospital activity of traced clients only; nobody else's crosses the wall. A number that was
-- superseded when the activity was recorded is followed to the current one.
with

admissions as (

    select * from {{ ref('stg_health__admissions') }}

),

attendances as (

    select * from {{ ref('stg_health__emergency_attendances') }}

),

numbers as (

    select * from {{ ref('int_index_numbers_resolved') }}

),

tokens as (

    select distinct
        nhs_number,
        person_token
    from {{ ref('int_tokens_assigned') }}
    where nhs_number is not null

),

activity_types as (

    select * from {{ ref('activity_types') }}

),

lsoas as (

    select * from {{ ref('stg_reference__lsoas') }}

),

practices as (

    select * from {{ ref('stg_reference__gp_practices') }}

),

organisations as (

    select * from {{ ref('int_organisations_succeeded') }}

),

activities as (

    select
        admissions.nhs_number,
        coalesce(activity_types.activity_type, 'other_admission') as activity_type,
        admissions.admission_date as activity_date,
        admissions.discharge_date as end_date,
        admissions.primary_diagnosis,
        admissions.discharge_method,
        admissions.gp_practice_code,
        admissions.lsoa11,
        admissions.tariff_cost
    from admissions
    left join activity_types
        on admissions.admission_method = activity_types.admission_method

    union all

    select
        nhs_number,
        'emergency_attendance' as activity_type,
        cast(arrival_at as date) as activity_date,
        cast(departure_at as date) as end_date,
        primary_diagnosis,
        cast(null as varchar) as discharge_method,
        gp_practice_code,
        lsoa11,
        tariff_cost
    from attendances

),

pseudonymised as (

    select
        ---------- who
        tokens.person_token,

        ---------- what
        activities.activity_type,
        activities.primary_diagnosis,
        activities.discharge_method,

        ---------- when
        activities.activity_date,
        activities.end_date,

        ---------- where, as at the activity
        activities.lsoa11,
        resident_ccg.current_code as resident_ccg_code,
        coalesce(registered_ccg.current_code, practices.ccg_code) as registered_ccg_code,

        ---------- money
        activities.tariff_cost
    from activities
    left join numbers
        on activities.nhs_number = numbers.nhs_number
    inner join tokens
        on coalesce(numbers.current_nhs_number, activities.nhs_number) = tokens.nhs_number
    left join lsoas
        on activities.lsoa11 = lsoas.lsoa11
    left join practices
        on activities.gp_practice_code = practices.gp_practice_code
    left join organisations as resident_ccg
        on
            lsoas.ccg_ons_code = resident_ccg.ons_code
            and resident_ccg.organisation_type = 'ccg'
    left join organisations as registered_ccg
        on practices.ccg_code = registered_ccg.organisation_code
    where activities.activity_date is not null

)

select * from pseudonymised
