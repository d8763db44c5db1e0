-- One row per request and index number that its supplied, unconfirmed number may stand for: the
-- number itself, one digit put right, two neighbours exchanged, or a missing digit put back. Only
-- one digit per place makes the check digit right, so a broken number has about ten repairs.
with

requests as (

    select * from {{ ref('int_trace_requests_encoded') }}

),

cross_checks as (

    select * from {{ ref('int_trace_cross_checks') }}

),

confirmed as (

    select distinct request_id
    from cross_checks
    where rule_id is not null

),

-- A valid number that the index does not confirm: its bearer is a candidate, not the answer.
unconfirmed as (

    select distinct
        cross_checks.request_id,
        cross_checks.person_id,
        'same' as repair
    from cross_checks
    left join confirmed
        on cross_checks.request_id = confirmed.request_id
    where confirmed.request_id is null

),

broken as (

    select
        requests.request_id,
        requests.supplied_nhs_number as digits
    from requests
    left join confirmed
        on requests.request_id = confirmed.request_id
    where
        confirmed.request_id is null
        and {{ matched('requests.supplied_nhs_number', '^[0-9]{9,10}$') }}
        and not {{ nhs_number_is_valid('requests.supplied_nhs_number') }}

),
{# Inverse of the place's weight (10 down to 1) modulo 11. #}
{%- set inverses = [10, 5, 7, 8, 2, 9, 3, 4, 6, 1] %}

opened as (
    {% for place in range(1, 11) %}
    select
        request_id,
        {{ place }} as place,
        {{ inverses[loop.index0] }} as inverse,
        left(digits, {{ place - 1 }}) || '0'
        || right(digits, 10 - {{ place }}) as digits
    from broken
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

filled as (

    select
        request_id,
        left(digits, place - 1)
        || cast(((11 - {{ nhs_number_remainder('digits') }}) * inverse) % 11 as string)
        || right(digits, 10 - place) as digits
    from opened

),

exchanged as (
    {% for place in range(1, 10) %}
    select
        request_id,
        left(digits, {{ place - 1 }}) || substr(digits, {{ place + 1 }}, 1)
        || substr(digits, {{ place }}, 1) || right(digits, 10 - {{ place }} - 1) as digits
    from broken
    where length(digits) = 10
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

repaired as (

    select
        request_id,
        try_cast(digits as bigint) as person_id,
        'near' as repair
    from filled
    where length(digits) = 10

    union

    select
        request_id,
        try_cast(digits as bigint) as person_id,
        'near' as repair
    from exchanged
    where {{ nhs_number_remainder('digits') }} = 0

),

all_numbers as (

    select * from unconfirmed
    union
    select * from repaired

)

select * from all_numbers
where person_id is not null
