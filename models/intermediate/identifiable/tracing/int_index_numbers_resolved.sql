-- Follows each superseded number to the end of its chain. Every pass doubles the distance followed:
-- five passes follow 32 replacements; what has not ended by then is a loop and resolves to nothing.
{{ config(materialized=kept_while_unchanged()) }}

with

persons as (

    select
        nhs_number,
        superseded_by_nhs_number
    from {{ ref('stg_person_index__persons') }}
    where nhs_number is not null

),

pass_0 as (

    select
        nhs_number,
        superseded_by_nhs_number as reached
    from persons
    where superseded_by_nhs_number is not null

),
{% for pass in range(1, 6) %}
pass_{{ pass }} as (

    select
        pass_{{ pass - 1 }}.nhs_number,
        coalesce(onward.reached, pass_{{ pass - 1 }}.reached) as reached
    from pass_{{ pass - 1 }}
    left join pass_{{ pass - 1 }} as onward
        on pass_{{ pass - 1 }}.reached = onward.nhs_number

),
{% endfor %}
resolved as (

    select
        pass_5.nhs_number,
        pass_5.reached as current_nhs_number
    from pass_5
    inner join persons
        on
            pass_5.reached = persons.nhs_number
            and persons.superseded_by_nhs_number is null

)

select * from resolved
