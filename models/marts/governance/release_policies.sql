-- The policy that a release was made under, as one document per agreement, with its hash.
with

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

policy as (

    select * from {{ ref('disclosure_policy') }}

),

steps as (

    select * from {{ ref('recoding_steps') }}

),

persons as (

    select max(reference_date) as reference_date
    from {{ ref('int_persons_pseudonymised') }}

),

parameters as (

    select
        recipient_type,
        {{ sorted_text("'\"' || parameter || '\": \"' || value || '\"'") }} as parameters
    from policy
    group by 1

),

step_lists as (

    select
        recipient_type,
        {{ sorted_text(
            "lpad(cast(step as varchar), 3, '0') || ':' || cast(age_level as varchar)"
            ~ " || cast(sex_level as varchar) || cast(ethnic_level as varchar)"
            ~ " || cast(area_level as varchar) || cast(known_level as varchar)"
        ) }} as steps
    from steps
    group by 1

),

documents as (

    select
        agreements.agreement_reference,
        persons.reference_date,
        '{"recipient_type": "' || agreements.recipient_type
        || '", "geography_rule": "' || agreements.geography_rule
        || '", "reference_date": "' || coalesce(cast(persons.reference_date as varchar), '')
        || '", ' || replace(parameters.parameters, ';', ', ')
        || ', "recoding_steps": "' || step_lists.steps || '"}' as policy
    from agreements
    cross join persons
    inner join parameters
        on agreements.recipient_type = parameters.recipient_type
    inner join step_lists
        on agreements.recipient_type = step_lists.recipient_type

)

select
    cast(agreement_reference as varchar) as agreement_reference,
    {% if var('as_of_date') %}
    cast('{{ var("as_of_date") }}' as date) as as_of_date,
    {% else %}
    cast(null as date) as as_of_date,
    {% endif %}
    cast(reference_date as date) as reference_date,
    cast(policy as varchar) as policy,
    cast(sha256(policy) as varchar) as policy_hash
from documents
