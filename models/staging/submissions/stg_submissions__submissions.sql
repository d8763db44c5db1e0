with

source as (

    select * from {{ source('landing', 'submissions') }}

),

renamed as (

    select
        ---------- identifiers
        submission_id,
        sender_la_code as la_code,

        ---------- birth certificate
        file_name,
        file_sha256,
        sheet_name,
        sheet_position,
        cast(received_at as timestamp) as received_at,
        date_system,

        ---------- what landing made of it
        specification_version,
        outcome,
        reason,
        cast(rows_read as bigint) as rows_read
    from source

)

select * from renamed
