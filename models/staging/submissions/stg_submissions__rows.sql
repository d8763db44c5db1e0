-- depends_on: {{ ref('specification_fields') }}
-- One text column per field of the seed: a field that is added there reaches every model.
{%- set names = specification_fields_list() | map(attribute='field') | list %}

with

source as (

    select * from {{ source('landing', 'submission_rows') }}

),

renamed as (

    select
        ---------- birth certificate
        submission_id,
        row_number,

        ---------- the fields of the specification, in its order
        {{ names | join(',\n        ') }},

        ---------- what the specification does not know
        other_columns
    from source

)

select * from renamed
