with

source as (

    select * from {{ source('landing', 'submission_columns') }}

),

renamed as (

    select
        ---------- identifiers
        submission_id,
        cast(column_number as integer) as column_number,

        ---------- headers
        header,
        field,
        match_kind
    from source

)

select * from renamed
