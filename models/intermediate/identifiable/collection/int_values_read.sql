-- One row per distinct value of a field in a submission. What a value means is worked out once per
-- value of a field, however many rows and submissions repeat it, and joined to the submissions.
{%- set fields = specification_fields_list() %}
{%- set typed = fields | rejectattr('reader', 'equalto', 'text') | map(attribute='field') | list %}

with

submissions as (

    select *
    from {{ ref('stg_submissions__submissions') }}
    where outcome = 'landed'

),

fields as (

    select
        field,
        code_list,
        {{ field_reader('field', 'data_type', 'code_list') }} as reader
    from {{ ref('specification_fields') }}

),

codes as (

    select
        code_list,
        specification_version,
        value as listed_value,
        release_2_value,
        position,
        {{ list_key('value') }} as exact_key,
        lower({{ list_key('value') }}) as folded_key
    from {{ ref('specification_codes') }}
    where specification_version <> 'derived'

),

registered as (

    select * from {{ ref('submitting_councils') }}

),

own_codes as (

    select
        la_code,
        la_code as own_code
    from registered
    union all
    select
        la_code,
        ons_code as own_code
    from registered
    union all
    select
        la_code,
        dfe_code as own_code
    from registered

),

councils as (

    select distinct
        la_code,
        upper(own_code) as own_code
    from own_codes

),

placeholders as (

    select distinct {{ day_from_parts(
        'cast(year as string)', 'cast(month as string)', 'cast(day as string)'
    ) }} as placeholder_date
    from {{ ref('placeholder_dates_of_birth') }}
    where year is not null

),

policy as (

    select
        {{ policy_value('serial_first', 'integer') }} as serial_first,
        {{ policy_value('serial_last', 'integer') }} as serial_last,
        {{ policy_value('oldest_age', 'integer') }} as oldest_age
    from {{ ref('collection_policy') }}

),

-- One scan per column: turning columns into rows first takes twice as long, and a common table of
-- the landed rows would be held in memory whole.
values_found as (

    {% for field in typed %}
    select distinct
        landed.submission_id,
        '{{ field }}' as field,
        landed.{{ field }} as raw
    from {{ ref('stg_submissions__rows') }} as landed
    inner join submissions
        on landed.submission_id = submissions.submission_id
    where landed.{{ field }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

distinct_texts as (

    select distinct
        field,
        raw
    from values_found

),

cleaned_texts as (

    select
        field,
        raw,
        {{ cell_cleaned('raw') }} as cleaned
    from distinct_texts

),

texts as (

    select
        cleaned_texts.field,
        cleaned_texts.raw,
        cleaned_texts.cleaned,
        case
            when {{ cell_is_error('cleaned_texts.cleaned') }} then 'error'
            else fields.reader
        end as reader,
        fields.code_list
    from cleaned_texts
    inner join fields
        on cleaned_texts.field = fields.field
    where cleaned_texts.cleaned is not null

),

---------- what depends on the submission

{{ listed_values_read() }},

{{ dates_read() }},

---------- what a value means whoever sends it

{{ numbers_read() }},

{{ nhs_numbers_read() }},

{{ codes_read() }},

same_for_all as (

    select * from number_values
    union all
    select * from nhs_number_values
    union all
    select * from code_values

),

all_values as (

    select * from listed_values
    union all
    select * from date_values
    union all
    select * from council_code_values
    union all
    select
        values_found.submission_id,
        same_for_all.field,
        same_for_all.raw,
        same_for_all.cleaned,
        same_for_all.canonical,
        cast(null as {{ dbt.type_string() }}) as listed_value,
        same_for_all.rule_id,
        same_for_all.repair_rule_id
    from values_found
    inner join same_for_all
        on
            values_found.field = same_for_all.field
            and values_found.raw = same_for_all.raw

)

select
    ---------- the value
    row_number() over (order by field asc, submission_id asc, raw asc) as value_number,
    submission_id,
    field,
    raw,

    ---------- how it was read
    cleaned,
    canonical,
    listed_value,
    canonical is not null as readable,

    ---------- what is to say about it
    rule_id,
    repair_rule_id
from all_values
