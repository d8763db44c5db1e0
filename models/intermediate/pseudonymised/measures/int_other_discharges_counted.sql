-- One row per council's area, month, support and CCGs: discharges of persons aged 65 and over who
-- are not that council's clients. They complete the denominator of the share with reablement.
with

nobodys_clients as (

    select * from {{ ref('int_discharges_counted') }}

),

described as (

    select * from {{ ref('int_discharges_described') }}
    where
        not is_client_there
        and la_code is not null
        and exclusion is null

),

councils as (

    select
        ons_code,
        la_code
    from {{ ref('organisations') }}
    where organisation_type = 'council'

),

counted as (

    select
        councils.la_code,
        'no_long_term' as care_before,
        nobodys_clients.month_start,
        nobodys_clients.resident_ccg_code,
        nobodys_clients.registered_ccg_code,
        nobodys_clients.discharges,
        nobodys_clients.persons
    from nobodys_clients
    inner join councils
        on nobodys_clients.local_authority_ons_code = councils.ons_code
    union all
    select
        la_code,
        care_before,
        {{ month_start_of('discharge_date') }} as month_start,
        resident_ccg_code,
        registered_ccg_code,
        count(*) as discharges,
        count(distinct person_token) as persons
    from described
    group by 1, 2, 3, 4, 5

)

select
    la_code,
    care_before,
    month_start,
    resident_ccg_code,
    registered_ccg_code,
    cast(sum(discharges) as bigint) as discharges,
    cast(sum(persons) as bigint) as persons
from counted
group by 1, 2, 3, 4, 5
