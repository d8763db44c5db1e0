-- One row per distinct value of a field in a submission: each value is read once, however many rows
-- repeat it.
{%- set fields = specification_fields_list() %}
{%- set typed = fields | rejectattr('reader', 'equalto', 'text') | map(attribute='field') | list %}

with

landed as (

    select * from {{ ref('stg_submissions__rows') }}

),

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

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
        'cast(year as varchar)', 'cast(month as varchar)', 'cast(day as varchar)'
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

typed_cells as (

    select
        submission_id,
        {{ typed | join(',\n        ') }}
    from landed

),

cells as (

    select *
    from {{ unpivoted('typed_cells', typed, 'field', 'raw') }}

),

distinct_values as (

    select distinct
        submission_id,
        field,
        raw
    from cells
    where raw is not null

),

cleaned_values as (

    select
        submission_id,
        field,
        raw,
        {{ cell_cleaned('raw') }} as cleaned
    from distinct_values

),

filled as (

    select
        cleaned_values.submission_id,
        cleaned_values.field,
        cleaned_values.raw,
        cleaned_values.cleaned,
        case
            when {{ cell_is_error('cleaned_values.cleaned') }} then 'error'
            else fields.reader
        end as reader,
        fields.code_list,
        submissions.la_code,
        submissions.specification_version,
        submissions.date_system,
        cast(submissions.received_at as date) as received_on
    from cleaned_values
    inner join fields
        on cleaned_values.field = fields.field
    inner join submissions
        on cleaned_values.submission_id = submissions.submission_id
    where
        cleaned_values.cleaned is not null
        and submissions.outcome = 'landed'

),

---------- values of a code list

list_candidates as (

    select
        filled.submission_id,
        filled.field,
        filled.raw,
        filled.cleaned,
        codes.listed_value,
        codes.release_2_value,
        codes.specification_version as listed_version,
        codes.position,
        case
            when
                codes.specification_version = filled.specification_version
                and codes.exact_key = {{ list_key('filled.cleaned') }}
                then 1
            when
                filled.specification_version = 'release_2'
                and codes.specification_version = 'release_1'
                and codes.exact_key = {{ list_key('filled.cleaned') }}
                then 2
            when codes.specification_version = filled.specification_version then 3
            when codes.exact_key = {{ list_key('filled.cleaned') }} then 4
            else 5
        end as closeness
    from filled
    inner join codes
        on
            filled.code_list = codes.code_list
            and lower({{ list_key('filled.cleaned') }}) = codes.folded_key
    where filled.reader = 'list'

),

list_ranked as (

    select
        *,
        row_number() over (
            partition by submission_id, field, raw
            order by
                closeness asc,
                case when listed_value = cleaned then 0 else 1 end asc,
                listed_version desc,
                position asc
        ) as place
    from list_candidates

),

list_matches as (

    select *
    from list_ranked
    where place = 1

),

list_values as (

    select
        filled.submission_id,
        filled.field,
        filled.raw,
        filled.cleaned,
        list_matches.release_2_value as canonical,
        list_matches.listed_value,
        case
            when list_matches.closeness is null then 'not_on_list'
            when list_matches.listed_version = 'nhs_ethnic_category' then 'nhs_ethnic_category'
            when list_matches.closeness = 2 then 'release_1_value'
            when list_matches.closeness = 3 then 'capitals_differ'
            when list_matches.closeness > 3 then 'other_release_value'
        end as rule_id,
        case
            when list_matches.closeness is null then null
            when not contains(filled.raw, filled.cleaned) then 'spelling_repaired'
            when filled.raw <> filled.cleaned then 'blanks_around_value'
            when lower(filled.cleaned) <> lower(list_matches.listed_value)
                then 'spelling_repaired'
        end as repair_rule_id
    from filled
    left join list_matches
        on
            filled.submission_id = list_matches.submission_id
            and filled.field = list_matches.field
            and filled.raw = list_matches.raw
    where filled.reader = 'list'

),

---------- dates

date_shapes as (

    select
        *,
        case
            when {{ matched('cleaned', '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9:.]+Z?)?$') }}
                then 'iso'
            when
                {{ matched('cleaned', '^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}( [0-9:.]+)?$') }}
                then 'parts'
            when {{ matched('cleaned', '^[0-9]{1,2}[ -][A-Za-z]{3,9}[ -][0-9]{4}$') }} then 'named'
            when {{ matched('cleaned', '^[0-9]{8}$') }} then 'compact'
            when {{ matched('cleaned', '^[0-9]{1,5}([.][0-9]+)?$') }} then 'serial'
        end as shape
    from filled
    where reader = 'date'

),

date_parts as (

    select
        *,
        case
            when shape = 'parts' then {{ extracted('cleaned', '^([0-9]{1,2})[/.-]', 1) }}
        end as first_part,
        case
            when shape = 'parts'
                then {{ extracted('cleaned', '^[0-9]{1,2}[/.-]([0-9]{1,2})[/.-]', 1) }}
        end as second_part,
        case
            when shape in ('parts', 'iso') then {{ extracted('cleaned', '[T ]([0-9:.]+)Z?$', 1) }}
        end as time_part
    from date_shapes

),

-- One convention per submission and column, told by the parts that can only be days; a column
-- without any takes the convention of the submission's other columns.
column_parts as (

    select
        submission_id,
        field,
        sum(case when try_cast(first_part as integer) > 12 then 1 else 0 end) as days_first,
        sum(case when try_cast(second_part as integer) > 12 then 1 else 0 end) as days_second
    from date_parts
    where shape = 'parts'
    group by 1, 2

),

submission_parts as (

    select
        submission_id,
        sum(days_first) as days_first,
        sum(days_second) as days_second
    from column_parts
    group by 1

),

date_conventions as (

    select
        column_parts.submission_id,
        column_parts.field,
        case
            when column_parts.days_first + column_parts.days_second > 0
                then column_parts.days_first
            else submission_parts.days_first
        end as days_first,
        case
            when column_parts.days_first + column_parts.days_second > 0
                then column_parts.days_second
            else submission_parts.days_second
        end as days_second
    from column_parts
    inner join submission_parts
        on column_parts.submission_id = submission_parts.submission_id

),

dates_read as (

    select
        date_parts.*,
        coalesce(date_conventions.days_second > date_conventions.days_first, false) as month_first,
        coalesce(date_conventions.days_first, 0) > 0
        and coalesce(date_conventions.days_second, 0) > 0 as is_mixed,
        coalesce(date_conventions.days_first, 0) + coalesce(date_conventions.days_second, 0) = 0
            as is_assumed,
        coalesce(
            try_cast(date_parts.first_part as integer) <= 12
            and try_cast(date_parts.second_part as integer) <= 12
            and try_cast(date_parts.first_part as integer)
            <> try_cast(date_parts.second_part as integer),
            false
        ) as is_either,
        case date_parts.shape
            when 'iso'
                then
                    {{ day_from_parts(
                        extracted('date_parts.cleaned', '^([0-9]{4})-', 1),
                        extracted('date_parts.cleaned', '^[0-9]{4}-([0-9]{1,2})-', 1),
                        extracted('date_parts.cleaned', '^[0-9]{4}-[0-9]{1,2}-([0-9]{1,2})', 1)
                    ) }}
            when 'named'
                then
                    {{ day_from_parts(
                        'right(date_parts.cleaned, 4)',
                        month_of_name(extracted('date_parts.cleaned', '([A-Za-z]+)', 1)),
                        extracted('date_parts.cleaned', '^([0-9]+)', 1)
                    ) }}
            when 'compact'
                then
                    {{ day_from_parts(
                        'left(date_parts.cleaned, 4)',
                        'substring(date_parts.cleaned, 5, 2)',
                        'right(date_parts.cleaned, 2)'
                    ) }}
            when 'parts'
                then
                    case
                        when date_conventions.days_second > date_conventions.days_first
                            then
                                {{ day_from_parts(
                                    extracted(
                                        'date_parts.cleaned', '[/.-]([0-9]{4})', 1
                                    ),
                                    'date_parts.first_part',
                                    'date_parts.second_part'
                                ) }}
                        else
                            {{ day_from_parts(
                                extracted('date_parts.cleaned', '[/.-]([0-9]{4})', 1),
                                'date_parts.second_part',
                                'date_parts.first_part'
                            ) }}
                    end
            when 'serial'
                then
                    case
                        when
                            floor(try_cast(date_parts.cleaned as double))
                            between policy.serial_first and policy.serial_last
                            then
                                {{ days_added(
                                    "case when date_parts.date_system = '1904' "
                                    ~ "then date '1904-01-01' else date '1899-12-30' end",
                                    'floor(try_cast(date_parts.cleaned as double))'
                                ) }}
                    end
        end as date_read
    from date_parts
    cross join policy
    left join date_conventions
        on
            date_parts.submission_id = date_conventions.submission_id
            and date_parts.field = date_conventions.field

),

date_values as (

    select
        dates_read.submission_id,
        dates_read.field,
        dates_read.raw,
        dates_read.cleaned,
        cast(dates_read.date_read as {{ dbt.type_string() }}) as canonical,
        cast(null as {{ dbt.type_string() }}) as listed_value,
        case
            when dates_read.date_read is null then 'date_unreadable'
            when dates_read.field = 'date_of_birth' and placeholders.placeholder_date is not null
                then 'date_of_birth_placeholder'
            when
                dates_read.field in ('date_of_birth', 'date_of_death', 'event_start_date')
                and dates_read.date_read > dates_read.received_on
                then 'date_outside_limits'
            when
                dates_read.field in ('date_of_birth', 'date_of_death')
                and {{ age_on('dates_read.date_read', 'dates_read.received_on') }}
                > policy.oldest_age
                then 'date_outside_limits'
            when left(dates_read.time_part, 5) = '23:00' then 'date_may_be_shifted'
            when dates_read.is_mixed and dates_read.is_either then 'date_ambiguous'
            when dates_read.shape = 'parts' and dates_read.month_first then 'date_month_first'
        end as rule_id,
        case
            when dates_read.date_read is null then null
            when dates_read.shape = 'serial' then 'date_as_serial'
            when {{ matched('dates_read.time_part', '[1-9]') }} then 'date_with_time'
            when dates_read.is_assumed and dates_read.is_either then 'date_convention_assumed'
            when dates_read.raw <> dates_read.cleaned then 'blanks_around_value'
        end as repair_rule_id
    from dates_read
    cross join policy
    left join placeholders
        on dates_read.date_read = placeholders.placeholder_date

),

---------- numbers

numbers_stripped as (

    select
        submission_id,
        field,
        raw,
        cleaned,
        reader,
        {{ replaced(
            replaced('lower(cleaned)', '[£ ]|gbp', ''), '(p[.]?/?w[.]?|perweek|/week|weekly)$', ''
        ) }} as stripped
    from filled
    where reader in ('money', 'integer')

),

numbers_read as (

    select
        *,
        case
            when
                reader = 'money'
                and {{ matched(
                    'stripped', '^[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]*)?$'
                ) }}
                then replace(stripped, ',', '')
            when reader = 'integer' and {{ matched('stripped', '^[-+]?[0-9]+([.]0*)?$') }}
                then {{ extracted('stripped', '^([-+]?[0-9]+)', 1) }}
        end as bare
    from numbers_stripped

),

number_values as (

    select
        submission_id,
        field,
        raw,
        cleaned,
        case
            when reader = 'money'
                then cast(try_cast(bare as decimal(18, 2)) as {{ dbt.type_string() }})
            else cast(try_cast(bare as bigint) as {{ dbt.type_string() }})
        end as canonical,
        cast(null as {{ dbt.type_string() }}) as listed_value,
        case
            when try_cast(bare as decimal(18, 2)) is null then 'number_unreadable'
            when try_cast(bare as decimal(18, 2)) < 0 then 'number_negative'
        end as rule_id,
        case
            when try_cast(bare as decimal(18, 2)) is null then null
            when bare <> cleaned and reader = 'money' then 'number_repaired'
            when try_cast(bare as decimal(38, 10)) <> try_cast(bare as decimal(18, 2))
                then 'number_rounded'
            when raw <> cleaned then 'blanks_around_value'
        end as repair_rule_id
    from numbers_read

),

---------- NHS numbers

nhs_numbers_read as (

    select
        *,
        {{ nhs_number_cleaned('raw') }} as number_read
    from filled
    where reader = 'nhs_number'

),

nhs_number_values as (

    select
        submission_id,
        field,
        raw,
        cleaned,
        case when {{ matched('number_read', '^[0-9]{10}$') }} then number_read end as canonical,
        cast(null as {{ dbt.type_string() }}) as listed_value,
        case
            when {{ nhs_number_is_valid('number_read') }} then null
            when {{ matched('cleaned', '^[0-9]([.][0-9]+)?[eE][+]?[0-9]+$') }}
                then 'nhs_number_unrecoverable'
            when not {{ matched('number_read', '^[0-9]{10}$') }} then 'nhs_number_malformed'
            when {{ nhs_number_is_repeated('number_read') }} then 'nhs_number_repeated_digit'
            when not {{ nhs_number_check_digit_is_right('number_read') }}
                then 'nhs_number_check_digit'
            when {{ matched('number_read', '^[0-3]') }} then 'nhs_number_other_issuer'
            else 'nhs_number_never_issued'
        end as rule_id,
        case
            when {{ matched('number_read', '^[0-9]{10}$') }} and number_read <> raw
                then 'nhs_number_repaired'
        end as repair_rule_id
    from nhs_numbers_read

),

---------- codes without a list

code_values as (

    select
        filled.submission_id,
        filled.field,
        filled.raw,
        filled.cleaned,
        case filled.reader
            when 'postcode' then {{ postcode_normalised('filled.cleaned') }}
            when 'council_code'
                then coalesce(councils.la_code, upper(filled.cleaned))
            when 'practice_code' then upper(filled.cleaned)
            when 'location_id' then filled.cleaned
        end as canonical,
        cast(null as {{ dbt.type_string() }}) as listed_value,
        case
            when filled.reader = 'error' then 'error_value'
            when filled.reader = 'council_code' and councils.la_code is null then 'other_council'
            when
                filled.reader = 'postcode'
                and {{ postcode_normalised('filled.cleaned') }} is null
                then 'postcode_unreadable'
            when
                filled.reader = 'postcode' and {{ matched('upper(filled.cleaned)', '^ZZ99') }}
                then 'postcode_pseudo'
            when
                filled.reader = 'practice_code'
                and not {{ matched('upper(filled.cleaned)', '^[A-Z][0-9A-Z][0-9]{4}$') }}
                then 'practice_code_malformed'
            when
                filled.reader = 'location_id'
                and not {{ matched('filled.cleaned', '^1-[0-9]{6,12}$') }}
                then 'location_id_malformed'
        end as rule_id,
        case
            when filled.reader = 'council_code' and councils.la_code <> upper(filled.cleaned)
                then 'own_code_of_other_kind'
            when
                filled.reader = 'postcode'
                and (
                    filled.cleaned <> {{ postcode_normalised('filled.cleaned') }}
                    or not contains(filled.raw, filled.cleaned)
                )
                then 'postcode_repaired'
            when filled.reader <> 'error' and filled.raw <> filled.cleaned
                then 'blanks_around_value'
        end as repair_rule_id
    from filled
    left join councils
        on
            filled.reader = 'council_code'
            and filled.la_code = councils.la_code
            and upper(filled.cleaned) = councils.own_code
    where filled.reader in ('error', 'postcode', 'council_code', 'practice_code', 'location_id')

),

all_values as (

    select * from list_values
    union all
    select * from date_values
    union all
    select * from number_values
    union all
    select * from nhs_number_values
    union all
    select * from code_values

)

select
    ---------- the value
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
