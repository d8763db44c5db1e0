{{ config(severity='warn') }}
-- A CCG whose agreement is in force though nobody of its population is in the data: its products
-- are refused, with this reason, and the custodian should ask why it was approved. A warning, no
-- error: a council whose first workbook is still to come must not stop everybody else.
with

agreements as (

    select * from {{ ref('int_agreements_dated') }}

),

today as (

    select
        *,
        lead(first_day) over (partition by agreement_reference order by first_day) as next_day
    from agreements

)

select
    today.agreement_reference,
    today.version
from today
where
    today.first_day <= current_date
    and coalesce(today.next_day > current_date, true)
    and {{ version_is_begun('today', 'current_date') }}
    and today.end_date >= current_date
    and today.recipient_type = 'ccg'
    and not today.has_population
