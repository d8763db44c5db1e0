-- One row per agreement, release, class as a reader sees it, and value to be learnt in it: how many
-- persons the release showed so.
with

released_persons as (

    select * from {{ source('governance', 'released_persons') }}

),

ledger as (

    select * from {{ source('governance', 'release_ledger') }}

),

shown as (

    select
        released_persons.*,
        {{ visible_class('released_persons') }} as visible_class
    from released_persons
    inner join ledger
        on
            released_persons.agreement_reference = ledger.agreement_reference
            and released_persons.release_id = ledger.release_id
            and ledger.entry_type in ('released', 'reissued')
    where released_persons.is_shown

),

learnt as (

    {{ learnt_values('shown', ['agreement_reference', 'release_id', 'visible_class'], 'true') }}

)

select
    agreement_reference,
    release_id,
    visible_class,
    kind,
    learnt,
    sum(persons) as persons
from learnt
group by 1, 2, 3, 4, 5
