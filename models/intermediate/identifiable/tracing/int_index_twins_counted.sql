-- One row per decade of birth: how many persons of the index there are, and how many share date of
-- birth, family name and present postcode with another one, as twins at one home do. A decade with
-- few persons leans on the whole index.
{{ config(materialized=kept_while_unchanged()) }}

with

persons as (

    select * from {{ ref('int_index_persons_prepared') }}

),

policy as (

    select {{ policy_value('twins_leaning_persons', 'integer') }} as leaning_persons
    from {{ ref('trace_policy') }}

),

homes as (

    select
        date_of_birth,
        postcode,
        family_name,
        count(*) as persons
    from persons
    where date_of_birth is not null and postcode is not null and family_name is not null
    group by 1, 2, 3

),

decades as (

    select
        cast(floor(extract(year from date_of_birth) / 10) as integer) as decade_of_birth,
        sum(persons) as persons,
        sum(case when persons > 1 then persons else 0 end) as twins
    from homes
    group by 1

),

everyone as (

    select {{ quotient('(sum(twins) + 0.5)', 'sum(persons)') }} as twin_share
    from decades

)

select
    decades.decade_of_birth,
    cast(decades.persons as bigint) as persons,
    cast(decades.twins as bigint) as twins,
    {{ quotient(
        '(decades.twins + policy.leaning_persons * everyone.twin_share)',
        '(decades.persons + policy.leaning_persons)'
    ) }} as twin_share
from decades
cross join everyone
cross join policy
