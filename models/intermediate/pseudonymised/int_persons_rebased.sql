-- One row per agreement and class path whose ages were taken before the re-base that has come:
-- one label for the whole path, made anew of what its members are today, as fine as they share.
-- The path itself stays: pseudonyms last, so whoever could not be told apart must not be now. What
-- the recipient knows already goes on month by month and is left alone here.
-- depends_on: {{ ref('recoding_steps') }}
with

frozen as (

    select * from {{ ref('int_releases_frozen') }}

),

persons as (

    select * from {{ ref('int_persons_entitled') }}

),

sensitive_values as (

    select * from {{ ref('int_sensitive_values_banded') }}

),

recoding_steps as (

    select * from {{ ref('recoding_steps') }}

),

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'linked_persons'

),

reference_dates as (

    select max(reference_date) as reference_date
    from {{ ref('int_persons_pseudonymised') }}

),

members as (

    select
        frozen.agreement_reference,
        persons.recipient_type,
        frozen.class_path,
        reference_dates.reference_date,
        persons.is_held,
        persons.age_band_five,
        persons.age_band_ten,
        persons.age_band_adult,
        persons.sex as sex_exact,
        persons.ethnic_group as ethnic_exact,
        persons.area_small,
        persons.area_large,
        persons.primary_support_reason,
        persons.care_setting,
        case
            when persons.is_held then frozen.sensitive_value
            else sensitive_values.sensitive_value
        end as sensitive_value,
        frozen.primary_support_reason as reason_before,
        frozen.care_setting as setting_before,
        frozen.sensitive_value as value_before
    from frozen
    cross join reference_dates
    inner join persons
        on
            frozen.agreement_reference = persons.agreement_reference
            and frozen.person_token = persons.person_token
    inner join sensitive_values
        on
            frozen.agreement_reference = sensitive_values.agreement_reference
            and frozen.person_token = sensitive_values.person_token
    where frozen.reference_date < reference_dates.reference_date

),

---------- the label: the first step at which all members who are here look the same

labelled as (

    select distinct
        members.agreement_reference,
        members.class_path,
        members.reference_date,
        recoding_steps.step as recoding_step,
        {{ recoded_attributes('members') }}
    from members
    inner join recoding_steps
        on members.recipient_type = recoding_steps.recipient_type
    where not members.is_held

),

steps_shared as (

    select
        agreement_reference,
        class_path,
        recoding_step
    from labelled
    group by 1, 2, 3
    having count(*) = 1

),

first_steps as (

    select
        agreement_reference,
        class_path,
        min(recoding_step) as recoding_step
    from steps_shared
    group by 1, 2

),

---------- the rest of the row: anew where the path stays as diverse as a class must be, also
---------- without those who may leave it in this release, and where no few of it change alike

{{ classes_that_hold('diverse', 'members', ['agreement_reference', 'class_path'], 'true') }},

{{ classes_that_hold('diverse_here', 'members', ['agreement_reference', 'class_path'],
    'not is_held') }},

leaving as (

    select
        members.agreement_reference,
        members.class_path
    from members
    inner join limits
        on members.recipient_type = limits.recipient_type
    where members.is_held
    group by 1, 2
    having count(*) >= max(limits.batch_persons)

),

values_before as (

    select
        agreement_reference,
        recipient_type,
        class_path,
        reason_before as primary_support_reason,
        setting_before as care_setting,
        value_before as sensitive_value
    from members

),

learnt as (

    {{ learnt_values('members', ['agreement_reference', 'recipient_type', 'class_path'], 'true') }}
    union all
    {{ learnt_values('values_before', ['agreement_reference', 'recipient_type', 'class_path'],
        'true', amount='-1') }}

),

changes as (

    select
        agreement_reference,
        recipient_type,
        class_path,
        kind,
        learnt,
        sum(persons) as persons
    from learnt
    group by 1, 2, 3, 4, 5
    having sum(persons) <> 0

),

sides as (

    select
        agreement_reference,
        recipient_type,
        class_path,
        kind,
        sign(persons) as side,
        count(*) as learnt_values,
        sum(abs(persons)) as persons
    from changes
    group by 1, 2, 3, 4, 5

),

telling as (

    select distinct
        sides.agreement_reference,
        sides.class_path
    from sides
    inner join limits
        on sides.recipient_type = limits.recipient_type
    where
        sides.learnt_values = 1
        and sides.persons < limits.k_persons

)

select
    ---------- which path
    labelled.agreement_reference,
    labelled.class_path,

    ---------- how it is shown from now on
    labelled.reference_date,
    labelled.recoding_step,
    labelled.age_band,
    labelled.sex,
    labelled.ethnic_group,
    labelled.area_code,
    diverse.class_path is not null
    and (leaving.class_path is null or diverse_here.class_path is not null)
    and telling.class_path is null as is_row_renewed
from labelled
inner join first_steps
    on
        labelled.agreement_reference = first_steps.agreement_reference
        and labelled.class_path = first_steps.class_path
        and labelled.recoding_step = first_steps.recoding_step
left join diverse
    on
        labelled.agreement_reference = diverse.agreement_reference
        and labelled.class_path = diverse.class_path
left join diverse_here
    on
        labelled.agreement_reference = diverse_here.agreement_reference
        and labelled.class_path = diverse_here.class_path
left join leaving
    on
        labelled.agreement_reference = leaving.agreement_reference
        and labelled.class_path = leaving.class_path
left join telling
    on
        labelled.agreement_reference = telling.agreement_reference
        and labelled.class_path = telling.class_path
