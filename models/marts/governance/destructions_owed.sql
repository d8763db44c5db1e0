-- What recipients hold of agreements that are over, and whether its destruction is certified.
with

ledger as (

    select * from {{ source('governance', 'release_ledger') }}

),

agreements as (

    select * from {{ ref('agreements') }}

),

current_agreements as (

    select * from {{ ref('int_agreements_current') }}

),

destructions as (

    select * from {{ ref('destructions') }}

),

sent as (

    select
        agreement_reference,
        count(distinct release_id) as releases_sent
    from ledger
    where entry_type = 'released'
    group by 1

),

withdrawn as (

    select
        agreement_reference,
        max(agreement_version) as agreement_version
    from ledger
    where entry_type = 'withdrawn'
    group by 1

),

ended as (

    select
        current_agreements.agreement_reference,
        current_agreements.end_date,
        withdrawn.agreement_reference is not null as is_withdrawn,
        coalesce(agreements.retention_until, current_agreements.end_date) as due_on,
        sent.releases_sent
    from current_agreements
    inner join agreements
        on
            current_agreements.agreement_reference = agreements.agreement_reference
            and current_agreements.version = agreements.version
    inner join sent
        on current_agreements.agreement_reference = sent.agreement_reference
    left join withdrawn
        on
            current_agreements.agreement_reference = withdrawn.agreement_reference
            and current_agreements.version <= withdrawn.agreement_version
    where
        current_agreements.end_date < current_date
        or withdrawn.agreement_reference is not null

),

certified as (

    select
        agreement_reference,
        min(due_on) as due_on,
        max(received_on) as received_on
    from destructions
    group by 1

),

owed as (

    select
        ended.agreement_reference,
        ended.end_date,
        ended.is_withdrawn,
        ended.releases_sent,
        coalesce(certified.due_on, ended.due_on) as due_on,
        certified.received_on,
        case
            when certified.received_on is not null then 'received'
            when coalesce(certified.due_on, ended.due_on) < current_date then 'overdue'
            else 'due'
        end as status
    from ended
    left join certified
        on ended.agreement_reference = certified.agreement_reference

)

select
    cast(agreement_reference as string) as agreement_reference,
    cast(end_date as date) as end_date,
    cast(is_withdrawn as boolean) as is_withdrawn,
    cast(releases_sent as bigint) as releases_sent,
    cast(due_on as date) as due_on,
    cast(received_on as date) as received_on,
    cast(status as string) as status
from owed
