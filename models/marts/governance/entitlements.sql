-- The one gate: whatever leaves passes through it by inner join. It holds the answers of the day of
-- the build, each with the days on which it stays true: a release on another day is refused.
with

periods as (

    select * from {{ ref('entitlement_periods') }}

)

select
    agreement_reference,
    la_code,
    product,
    allowed,
    reason,
    valid_from,
    valid_to,
    minimum_area
from periods
where
    current_date >= coalesce(valid_from, current_date)
    and current_date <= coalesce(valid_to, current_date)
