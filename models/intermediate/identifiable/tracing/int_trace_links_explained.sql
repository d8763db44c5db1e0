-- For an auditor: one row per link and detail, levels and weights only.
with

persons_traced as (

    select * from {{ ref('int_persons_traced') }}

),

answers as (

    select * from {{ ref('int_trace_answers') }}

),

explained as (

    select * from {{ ref('int_trace_answers_explained') }}

)

select
    persons_traced.la_code,
    persons_traced.la_person_unique_identifier,
    persons_traced.trace_step,
    explained.field,
    explained.level,
    explained.context,
    explained.weight,
    explained.weights_version
from persons_traced
inner join answers
    on
        persons_traced.la_code = answers.la_code
        and persons_traced.la_person_unique_identifier = answers.la_person_unique_identifier
        and persons_traced.nhs_number = answers.nhs_number
inner join explained
    on answers.request_fingerprint = explained.request_fingerprint
