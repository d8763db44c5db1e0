-- One row per agreement, table, cell and measure that any release has shown: as the latest one did.
with

released_cells as (

    select * from {{ source('governance', 'released_cells') }}

),

ledger as (

    select * from {{ source('governance', 'release_ledger') }}

),

ranked as (

    select
        released_cells.*,
        row_number() over (
            partition by
                released_cells.agreement_reference,
                released_cells.table_name,
                released_cells.cell_key,
                released_cells.measure
            order by ledger.entry_number desc
        ) as recency
    from released_cells
    inner join ledger
        on
            released_cells.agreement_reference = ledger.agreement_reference
            and released_cells.release_id = ledger.release_id
            and ledger.entry_type in ('released', 'reissued')

)

select
    agreement_reference,
    table_name,
    cell_key,
    measure,
    value,
    status
from ranked
where recency = 1
