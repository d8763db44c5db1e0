-- The policy that a release was made under, as one document per agreement, with its hash.
with

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

policy as (

    select * from {{ ref('disclosure_policy') }}

),

coalitions as (

    select * from {{ ref('coalitions') }}

),

columns_protected as (

    select * from {{ ref('protected_columns') }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

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
    where product = 'all'
    group by 1

),

of_products as (

    select
        recipient_type,
        product,
        {{ sorted_text("'\"' || parameter || '\": \"' || value || '\"'") }} as parameters
    from policy
    where product <> 'all'
    group by 1, 2

),

product_lists as (

    select
        recipient_type,
        {{ sorted_text("'\"' || product || '\": {' || replace(parameters, ';', ', ') || '}'") }}
            as parameters
    from of_products
    group by 1

),

coalition_lists as (

    select
        agreement_reference,
        {{ sorted_text("'\"' || coalition || '\"'") }} as coalitions
    from coalitions
    group by 1

),

-- Long lists count through their hash.
lists as (

    select
        {{ sha256_of(sorted_text("table_name || '.' || column_name || ':' || role")) }} as list_hash
    from columns_protected

),

bands as (

    select
        {{ sha256_of(sorted_text(
            "lpad(cast(age as string), 3, '0') || five_year_band || ten_year_band || adult_band"
            ~ " || cohort_band"
        )) }} as list_hash
    from age_bands

),

step_lists as (

    select
        recipient_type,
        {{ sorted_text(
            "lpad(cast(step as string), 3, '0') || ':' || cast(age_level as string)"
            ~ " || cast(sex_level as string) || cast(ethnic_level as string)"
            ~ " || cast(area_level as string) || cast(known_level as string)"
        ) }} as steps
    from steps
    group by 1

),

documents as (

    select
        agreements.agreement_reference,
        persons.reference_date,
        '{"recipient_type": "' || agreements.recipient_type
        || '", "knows": "' || agreements.knows
        || '", "geography_rule": "' || agreements.geography_rule
        || '", "token_rotation": "' || agreements.token_rotation
        || '", "opt_outs": "'
        || case when agreements.opt_outs_applied then 'applied' else 'not applied' end
        || '", "reference_date": "' || coalesce(cast(persons.reference_date as string), '')
        || '", ' || replace(parameters.parameters, ';', ', ')
        || ', "products": {' || coalesce(replace(product_lists.parameters, ';', ', '), '') || '}'
        || ', "coalitions": ['
        || coalesce(replace(coalition_lists.coalitions, ';', ', '), '') || ']'
        || ', "recoding_steps": "' || step_lists.steps
        || '", "protected_columns_sha256": "' || lists.list_hash
        || '", "age_bands_sha256": "' || bands.list_hash || '"}' as policy
    from agreements
    cross join persons
    cross join lists
    cross join bands
    inner join parameters
        on agreements.recipient_type = parameters.recipient_type
    inner join step_lists
        on agreements.recipient_type = step_lists.recipient_type
    left join product_lists
        on agreements.recipient_type = product_lists.recipient_type
    left join coalition_lists
        on agreements.agreement_reference = coalition_lists.agreement_reference

)

select
    cast(agreement_reference as string) as agreement_reference,
    {% if var('as_of_date') %}
    cast('{{ var("as_of_date") }}' as date) as as_of_date,
    {% else %}
    cast(null as date) as as_of_date,
    {% endif %}
    cast(reference_date as date) as reference_date,
    cast(policy as string) as policy,
    cast({{ sha256_of('policy') }} as string) as policy_hash
from documents
