-- One row per row that landed, each cell as it was read. Rows are judged further on.
{%- set fields = specification_fields_list() %}
{%- set names = fields | map(attribute='field') | list %}
{%- set numbers = fields | selectattr('reader', 'in', ['money', 'integer'])
    | map(attribute='field') | list %}

with

landed as (

    select * from {{ ref('stg_submissions__rows') }}

),

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

policy as (

    select
        {{ policy_value('adult_age', 'integer') }} as adult_age,
        {{ policy_value('pension_age', 'integer') }} as pension_age
    from {{ ref('collection_policy') }}

),

rows_landed as (

    select
        landed.*,
        submissions.la_code as sender_la_code,
        submissions.received_at,
        submissions.file_name
    from landed
    inner join submissions
        on landed.submission_id = submissions.submission_id
    where submissions.outcome = 'landed'

),

-- Below the landed rows are named by their model: a common table that is read twice would be held
-- in memory whole.

---------- what the texts of fields with a code list say, seven fields at a time

{{ values_bundled(
    fields,
    ref('stg_submissions__rows'),
    ref('stg_submissions__submissions'),
    ref('int_values_read')
) }}

rows_read as (

    select
        ---------- birth certificate
        rows_landed.submission_id,
        rows_landed.row_number,
        rows_landed.sender_la_code,
        rows_landed.received_at,

        -- Totals under the table are looked for only where no event is told.
        case
            when
                {{ values_found_null(fields, ['client_type', 'event_type', 'event_start_date']) }}
                then
                    {{ matched(
                        "lower(concat_ws('|', rows_landed." ~ names | join(', rows_landed.')
                        ~ ', rows_landed.other_columns))',
                        '(^|[|\":])(grand |sub[- ]?)?totals?([ :][^|]*)?([|\"]|$)'
                    ) }}
                    or {{ replaced(
                        "upper(concat_ws('', rows_landed."
                        ~ names | reject('in', numbers) | join(', rows_landed.') ~ '))',
                        '[\\s\\x{00A0}]|NULL',
                        ''
                    ) }} = ''
            else false
        end as is_total_row,

        ---------- the fields of the specification
        {{ fields_read(fields, 'rows_landed') }},

        ---------- which value of `int_values_read` each cell holds, or what a free text is like
        {{ cells_told_apart(fields, 'rows_landed') }}
    from rows_landed
    {{ values_joined(fields, 'rows_landed', ref('int_values_read')) }}

),

dated as (

    select
        *,
        coalesce(reporting_period_end_date, cast(received_at as date)) as age_taken_on
    from rows_read

),

told_apart as (

    select
        dated.*,
        case
            when dated.date_of_birth is null then '<none>'
            when
                {{ age_on('dated.date_of_birth', 'dated.age_taken_on') }} < policy.adult_age
                then 'under 18'
            when
                {{ age_on('dated.date_of_birth', 'dated.age_taken_on') }}
                < policy.pension_age
                then '18 to 64'
            else '65 and over'
        end as age_group
    from dated
    cross join policy

)

select
    ---------- birth certificate
    submission_id,
    row_number,
    sender_la_code,
    received_at,

    ---------- what decides which fields are mandatory
    is_total_row,
    age_group,
    md5(concat_ws(
        '|',
        {{ context_values(named=false) }}
    )) as profile_key,

    ---------- the fields of the specification
    {{ names | join(',\n    ') }},

    ---------- which value of `int_values_read` each cell holds, or what a free text is like
    {{ names | join('_cell,\n    ') }}_cell
from told_apart
