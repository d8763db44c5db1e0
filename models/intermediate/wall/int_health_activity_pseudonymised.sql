-- Hospital activity of traced clients only; nobody else's crosses the wall. A number that was
-- superseded when the activity was recorded is followed to the current one. The episodes of a spell
-- are one row: its provider and number, which say so, stay behind.
with

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

{{ activity_references() }},

{{ spells_folded('spells') }},

activities as (

    select
        spells.nhs_number,
        coalesce(activity_types.activity_type, 'other_admission') as activity_type,
        spells.admission_date as activity_date,
        spells.discharge_date as end_date,
        spells.admission_method,
        spells.primary_diagnosis,
        spells.discharge_method,
        spells.discharge_destination,
        spells.treatment_function_code,
        spells.gp_practice_code,
        spells.lsoa11,
        spells.tariff_cost
    from spells
    left join activity_types
        on spells.admission_method = activity_types.admission_method

    union all

    select
        nhs_number,
        'emergency_attendance' as activity_type,
        cast(arrival_at as date) as activity_date,
        cast(departure_at as date) as end_date,
        cast(null as {{ dbt.type_string() }}) as admission_method,
        primary_diagnosis,
        cast(null as {{ dbt.type_string() }}) as discharge_method,
        cast(null as {{ dbt.type_string() }}) as discharge_destination,
        cast(null as {{ dbt.type_string() }}) as treatment_function_code,
        gp_practice_code,
        lsoa11,
        tariff_cost
    from attendances

),

pseudonymised as (

    select
        ---------- who
        tokens.person_token,
        coalesce(age_bands.adult_band, 'Unknown') as age_band_at_end,

        ---------- what
        activities.activity_type,
        activities.admission_method,
        activities.primary_diagnosis,
        activities.discharge_method,
        activities.discharge_destination,
        activities.treatment_function_code,

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
    left join persons
        on tokens.nhs_number = persons.nhs_number
    left join age_bands
        on
            {{ age_on(
                'persons.date_of_birth', 'coalesce(activities.end_date, activities.activity_date)'
            ) }} = age_bands.age
    left join lsoas
        on activities.lsoa11 = lsoas.lsoa11
    {{ ccgs_joined('lsoas', 'activities.gp_practice_code') }}
    where activities.activity_date is not null

)

select * from pseudonymised
