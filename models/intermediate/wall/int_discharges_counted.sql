-- One row per month and area of residence: how many stays in hospital ended of persons aged 65 and
-- over who are nobody's clients, by the rules of the measure of 2024. Numbers only: a share of all
-- discharges needs to know how many others there were, and nothing of who they are.
with

{{ spells_folded('spells') }},

numbers as (

    select * from {{ ref('int_index_numbers_resolved') }}

),

clients as (

    select distinct nhs_number
    from {{ ref('int_tokens_assigned') }}
    where nhs_number is not null

),

{{ activity_references() }},

-- Which discharges count is said by the measure of what became of them.
rules as (

    select exclusions
    from {{ ref('reablement_measures') }}
    where measure = {{ measure_of_reach() }}

),

others as (

    select
        coalesce(numbers.current_nhs_number, spells.nhs_number) as nhs_number,
        coalesce(activity_types.activity_type, 'other_admission') as activity_type,
        spells.admission_method,
        spells.primary_diagnosis,
        spells.discharge_method,
        spells.discharge_destination,
        spells.treatment_function_code,
        spells.admission_date as activity_date,
        spells.discharge_date as end_date,
        spells.lsoa11,
        spells.gp_practice_code,
        spells.tariff_cost
    from spells
    left join numbers
        on spells.nhs_number = numbers.nhs_number
    left join clients
        on coalesce(numbers.current_nhs_number, spells.nhs_number) = clients.nhs_number
    left join activity_types
        on spells.admission_method = activity_types.admission_method
    where
        clients.nhs_number is null
        and spells.admission_date is not null

),

{{ stays_joined('stays', 'others', 'nhs_number', ['lsoa11', 'gp_practice_code']) }},

{{ stays_judged('judged', 'stays', ['nhs_number', 'lsoa11', 'gp_practice_code']) }},

counted as (

    select
        ---------- where
        lsoas.local_authority_ons_code,
        resident_ccg.current_code as resident_ccg_code,
        coalesce(registered_ccg.current_code, practices.ccg_code) as registered_ccg_code,

        ---------- when
        {{ month_start_of('judged.discharge_date') }} as month_start,

        ---------- how many
        count(*) as discharges,
        {{ persons_counted('judged.nhs_number') }} as persons
    from judged
    inner join rules
        on judged.exclusions = rules.exclusions
    inner join persons
        on judged.nhs_number = persons.nhs_number
    inner join age_bands
        on
            {{ age_on('persons.date_of_birth', 'judged.discharge_date') }} = age_bands.age
            and age_bands.adult_band = '65+'
    inner join lsoas
        on judged.lsoa11 = lsoas.lsoa11
    {{ ccgs_joined('lsoas', 'judged.gp_practice_code') }}
    where not judged.is_left_out
    group by 1, 2, 3, 4

)

select * from counted
