-- One row per row that landed, each cell as it was read. Rows are judged further on.
{%- set fields = specification_fields_list() %}
{%- set names = fields | map(attribute='field') | list %}
{%- set typed = fields | rejectattr('reader', 'equalto', 'text') | list %}
{%- set casts = {'date': 'date', 'money': 'decimal(18, 2)'} %}
{%- set numbers = fields | selectattr('reader', 'in', ['money', 'integer'])
    | map(attribute='field') | list %}

with

landed as (

    select * from {{ ref('stg_submissions__rows') }}

),

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

values_read as (

    select * from {{ ref('int_values_read') }}

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

rows_read as (

    select
        ---------- birth certificate
        rows_landed.submission_id,
        rows_landed.row_number,
        rows_landed.sender_la_code,
        rows_landed.received_at,

        ---------- marks of a total under the table
        coalesce({{ matched(
            "lower(concat_ws('|', rows_landed." ~ names | join(', rows_landed.')
            ~ ', rows_landed.other_columns))',
            '(^|[|\":])(grand |sub[- ]?)?totals?([ :][^|]*)?([|\"]|$)'
        ) }}, false) as says_total,
        {{ replaced(
            "upper(concat_ws('', rows_landed." ~ names | reject('in', numbers)
            | join(', rows_landed.') ~ '))', '[\\s\\x{00A0}]|NULL', ''
        ) }} = '' as holds_numbers_only,

        ---------- the fields of the specification
        {%- for field in fields %}
        {%- if field.reader == 'text' %}
        case
            when not {{ cell_is_error('rows_landed.' ~ field.field) }}
                then {{ cell_cleaned('rows_landed.' ~ field.field) }}
        end as {{ field.field }}
        {%- elif field.reader in casts %}
        try_cast({{ field.field }}_values.canonical as {{ casts[field.reader] }})
            as {{ field.field }}
        {%- else %}
        {{ field.field }}_values.canonical as {{ field.field }}
        {%- endif %}{{ ',' if not loop.last }}
        {%- endfor %}
    from rows_landed
    {%- for field in typed %}
    left join values_read as {{ field.field }}_values
        on
            {{ field.field }}_values.field = '{{ field.field }}'
            and rows_landed.submission_id = {{ field.field }}_values.submission_id
            and rows_landed.{{ field.field }} = {{ field.field }}_values.raw
    {%- endfor %}

),

told_apart as (

    select
        rows_read.*,
        rows_read.client_type is null
        and rows_read.event_type is null
        and rows_read.event_start_date is null
        and (rows_read.says_total or rows_read.holds_numbers_only) as is_total_row,
        case
            when rows_read.date_of_birth is null then '<none>'
            when {{ age_on(
                'rows_read.date_of_birth',
                'coalesce(rows_read.reporting_period_end_date, '
                ~ 'cast(rows_read.received_at as date))'
            ) }} < policy.adult_age then 'under 18'
            when {{ age_on(
                'rows_read.date_of_birth',
                'coalesce(rows_read.reporting_period_end_date, '
                ~ 'cast(rows_read.received_at as date))'
            ) }} < policy.pension_age then '18 to 64'
            else '65 and over'
        end as age_group
    from rows_read
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
        {%- for column in context_columns() %}
        {%- if column == 'age_group' %}
        age_group,
        {%- elif column == 'date_of_death' %}
        case when date_of_death is null then '<none>' else 'present' end
        {%- else %}
        coalesce({{ column }}, '<none>'),
        {%- endif %}
        {%- endfor %}
    )) as profile_key,

    ---------- the fields of the specification
    {{ names | join(',\n    ') }}
from told_apart
