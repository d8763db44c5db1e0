-- The notice to each recipient: how many persons it was shown before have another pseudonym now.
-- Like every count that leaves, small ones are hidden; who they are stays inside.
with

released_persons as (

    select * from {{ source('governance', 'released_persons') }}

),

tokens_replaced as (

    select * from {{ ref('int_tokens_replaced') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

limits as (

    select * from {{ ref('int_disclosure_limits_pivoted') }}

),

counted as (

    select
        agreements.agreement_reference,
        agreements.recipient_type,
        tokens_replaced.change_type,
        count(distinct released_persons.person_token) as persons
    from released_persons
    inner join tokens_replaced
        on released_persons.person_token = tokens_replaced.former_token
    inner join agreements
        on released_persons.agreement_reference = agreements.agreement_reference
    where released_persons.is_shown
    group by 1, 2, 3

),

noticed as (

    select
        counted.agreement_reference,
        counted.change_type,
        coalesce(
            cast({{ protected_count('counted.persons', 'limits') }} as {{ dbt.type_string() }}), '*'
        ) as persons
    from counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

)

select
    cast(agreement_reference as string) as agreement_reference,
    cast(change_type as string) as change_type,
    cast(persons as string) as persons
from noticed
