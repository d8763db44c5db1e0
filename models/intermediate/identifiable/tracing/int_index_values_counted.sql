-- One row per distinct value of the index: how many persons have it, and a small number that
-- stands for it in the joins of the trace. Phonetic codes are worked out here, once per name.
{{ config(materialized=kept_while_unchanged()) }}

with

persons as (

    select * from {{ ref('int_index_persons_prepared') }}

),

index_names as (

    select * from {{ ref('int_index_names_prepared') }}

),

counted as (

    select
        'given_name' as field,
        given_name as field_value,
        count(*) as persons
    from index_names
    where given_name is not null
    group by 2

    union all

    select
        'family_name' as field,
        family_name as field_value,
        count(*) as persons
    from index_names
    where family_name is not null
    group by 2

    union all

    select
        'gp_practice' as field,
        gp_practice_code as field_value,
        count(*) as persons
    from persons
    where gp_practice_code is not null
    group by 2

    union all

    select
        'date_of_birth' as field,
        cast(date_of_birth as string) as field_value,
        count(*) as persons
    from persons
    where date_of_birth is not null
    group by 2

    union all

    select
        'everyone' as field,
        '' as field_value,
        count(*) as persons
    from persons

)

select
    field,
    field_value,
    cast(row_number() over (
        partition by field
        order by field_value
    ) as integer) as value_id,
    persons,
    case when field in ('given_name', 'family_name') then {{ soundex('field_value') }} end
        as sounds_like
from counted
