-- Guards the auditor's account of a link: the weights of its details add up to the score it was
-- judged by, and every number that the local index gave is explained. Returns counts only.
{{ config(group='identifiable') }}

with

persons_traced as (

    select * from {{ ref('int_persons_traced') }}

),

answers as (

    select * from {{ ref('int_trace_answers') }}

),

explained as (

    select
        la_code,
        la_person_unique_identifier,
        sum(weight) as weight
    from {{ ref('int_trace_links_explained') }}
    group by 1, 2

)

select
    persons_traced.la_code,
    persons_traced.trace_step,
    count(*) as links
from persons_traced
inner join answers
    on
        persons_traced.la_code = answers.la_code
        and persons_traced.la_person_unique_identifier = answers.la_person_unique_identifier
        and persons_traced.nhs_number = answers.nhs_number
left join explained
    on
        persons_traced.la_code = explained.la_code
        and persons_traced.la_person_unique_identifier = explained.la_person_unique_identifier
where
    explained.weight is null
    or abs(explained.weight - persons_traced.match_weight) > 1e-9
group by 1, 2
