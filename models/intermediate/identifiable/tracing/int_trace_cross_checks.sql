-- One row per supplied number that the index knows: how far the record behind it agrees, and
-- whether a rule of the seed confirms it. A valid number is not a verified one.
with

supplied as (

    select * from {{ ref('int_trace_numbers_supplied') }}

),

requests as (

    select * from {{ ref('int_trace_requests_encoded') }}

),

numbers as (

    select * from {{ ref('int_index_numbers_resolved') }}

),

variants as (

    select * from {{ ref('int_index_variants_prepared') }}

),

value_counts as (

    select * from {{ ref('int_index_values_counted') }}

),

rules as (

    select * from {{ ref('trace_cross_check_rules') }}

),

supplied_persons as (

    select
        supplied.la_code,
        supplied.la_person_unique_identifier,
        supplied.nhs_number as supplied_nhs_number,
        try_cast(coalesce(numbers.current_nhs_number, supplied.nhs_number) as bigint)
            as person_id,
        numbers.nhs_number is not null as is_superseded
    from supplied
    left join numbers
        on supplied.nhs_number = numbers.nhs_number

),

-- The best agreement over all names and addresses that the person ever had.
compared as (

    select
        requests.request_id,
        supplied_persons.supplied_nhs_number,
        variants.person_id,
        supplied_persons.is_superseded,
        variants.is_sensitive,
        {{ date_of_birth_level('requests.date_of_birth', 'variants.date_of_birth') }}
            as date_of_birth_level,
        case
            when requests.gender is null or variants.gender is null then 'unknown'
            when requests.gender = variants.gender then 'agree'
            else 'conflict'
        end as gender_level,
        max(case
            when requests.postcode_id = variants.postcode_id then 2
            when requests.practice_id = variants.practice_id then 1
            else 0
        end) as place_agreement,
        max(
            case
                when
                    requests.given_name is not null
                    and requests.family_name is not null
                    and given_names.field_value is not null
                    and family_names.field_value is not null
                    then {{ names_agreement(
                        'requests.given_name', 'given_names.field_value',
                        'requests.family_name', 'family_names.field_value'
                    ) }}
            end
        ) as names_agreement
    from supplied_persons
    inner join requests
        on
            supplied_persons.la_code = requests.la_code
            and supplied_persons.la_person_unique_identifier
            = requests.la_person_unique_identifier
    inner join variants
        on supplied_persons.person_id = variants.person_id
    left join value_counts as given_names
        on
            variants.given_name_id = given_names.value_id
            and given_names.field = 'given_name'
    left join value_counts as family_names
        on
            variants.family_name_id = family_names.value_id
            and family_names.field = 'family_name'
    group by 1, 2, 3, 4, 5, 6, 7

),

levelled as (

    select
        request_id,
        supplied_nhs_number,
        person_id,
        is_superseded,
        is_sensitive,
        date_of_birth_level,
        gender_level,
        case names_agreement
            when 3 then 'agree'
            when 2 then 'given_only'
            when 1 then 'family_only'
            when 0 then 'conflict'
            else 'unknown'
        end as names_level,
        case place_agreement when 2 then 'postcode' when 1 then 'practice' else 'none' end
            as place_level
    from compared

)

select
    levelled.request_id,
    levelled.supplied_nhs_number,
    levelled.person_id,
    levelled.is_superseded,
    levelled.is_sensitive,
    levelled.date_of_birth_level,
    levelled.names_level,
    levelled.gender_level,
    levelled.place_level,
    min(rules.rule_id) as rule_id
from levelled
left join rules
    on
        levelled.date_of_birth_level = rules.date_of_birth_level
        and rules.names_level in (levelled.names_level, '*')
        and rules.gender_level in (levelled.gender_level, '*')
        and rules.place_level in (levelled.place_level, '*')
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
