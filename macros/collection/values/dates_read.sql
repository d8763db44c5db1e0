{# CTEs: dates. What a text can mean is worked out once; which of its readings holds is told by the
   submission: its convention in this column, its workbook's date system, its day of receipt. #}
{% macro dates_read() -%}
    date_shapes as (

        select
            *,
            case
                when {{ matched('cleaned', '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9:.]+Z?)?$') }}
                    then 'iso'
                when
                    {{ matched(
                        'cleaned', '^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}( [0-9:.]+)?$'
                    ) }}
                    then 'parts'
                when {{ matched('cleaned', '^[0-9]{1,2}[ -][A-Za-z]{3,9}[ -][0-9]{4}$') }}
                    then 'named'
                when {{ matched('cleaned', '^[0-9]{8}$') }} then 'compact'
                when {{ matched('cleaned', '^[0-9]{1,5}([.][0-9]+)?$') }} then 'serial'
            end as shape
        from texts
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
                when shape = 'parts' then {{ extracted('cleaned', '[/.-]([0-9]{4})', 1) }}
            end as year_part,
            case
                when shape in ('parts', 'iso')
                    then {{ extracted('cleaned', '[T ]([0-9:.]+)Z?$', 1) }}
            end as time_part
        from date_shapes

    ),

    date_meanings as (

        select
            date_parts.field,
            date_parts.raw,
            date_parts.cleaned,
            date_parts.shape,
            left(date_parts.time_part, 5) = '23:00' as is_late_evening,
            {{ matched('date_parts.time_part', '[1-9]') }} as has_time,
            case when try_cast(date_parts.first_part as integer) > 12 then 1 else 0 end
                as says_day_first,
            case when try_cast(date_parts.second_part as integer) > 12 then 1 else 0 end
                as says_day_second,
            coalesce(
                try_cast(date_parts.first_part as integer) <= 12
                and try_cast(date_parts.second_part as integer) <= 12
                and try_cast(date_parts.first_part as integer)
                <> try_cast(date_parts.second_part as integer),
                false
            ) as is_either,
            {{ day_from_parts(
                'date_parts.year_part', 'date_parts.second_part', 'date_parts.first_part'
            ) }} as day_first_date,
            {{ day_from_parts(
                'date_parts.year_part', 'date_parts.first_part', 'date_parts.second_part'
            ) }} as month_first_date,
            case
                when
                    date_parts.shape = 'serial'
                    and floor(try_cast(date_parts.cleaned as double))
                    between policy.serial_first and policy.serial_last
                    then floor(try_cast(date_parts.cleaned as double))
            end as serial,
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
            end as plain_date
        from date_parts
        cross join policy

    ),

    dates_found as (

        select
            values_found.submission_id,
            date_meanings.*
        from values_found
        inner join date_meanings
            on
                values_found.field = date_meanings.field
                and values_found.raw = date_meanings.raw

    ),

    -- One convention per submission and column, told by the parts that can only be days; a column
    -- without any takes the convention of the submission's other columns.
    column_parts as (

        select
            submission_id,
            field,
            sum(says_day_first) as days_first,
            sum(says_day_second) as days_second
        from dates_found
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

    dates_chosen as (

        select
            dates_found.*,
            cast(submissions.received_at as date) as received_on,
            coalesce(date_conventions.days_second > date_conventions.days_first, false)
                as month_first,
            coalesce(date_conventions.days_first, 0) > 0
            and coalesce(date_conventions.days_second, 0) > 0 as is_mixed,
            coalesce(date_conventions.days_first, 0) + coalesce(date_conventions.days_second, 0)
            = 0 as is_assumed,
            case
                when dates_found.shape = 'parts'
                    then
                        case
                            when date_conventions.days_second > date_conventions.days_first
                                then dates_found.month_first_date
                            else dates_found.day_first_date
                        end
                when dates_found.shape = 'serial'
                    then
                        {{ days_added(
                            "case when submissions.date_system = '1904' "
                            ~ "then date '1904-01-01' else date '1899-12-30' end",
                            'dates_found.serial'
                        ) }}
                else dates_found.plain_date
            end as date_read
        from dates_found
        inner join submissions
            on dates_found.submission_id = submissions.submission_id
        left join date_conventions
            on
                dates_found.submission_id = date_conventions.submission_id
                and dates_found.field = date_conventions.field

    ),

    date_values as (

        select
            dates_chosen.submission_id,
            dates_chosen.field,
            dates_chosen.raw,
            dates_chosen.cleaned,
            cast(dates_chosen.date_read as {{ dbt.type_string() }}) as canonical,
            cast(null as {{ dbt.type_string() }}) as listed_value,
            case
                when dates_chosen.date_read is null then 'date_unreadable'
                when
                    dates_chosen.field = 'date_of_birth'
                    and placeholders.placeholder_date is not null
                    then 'date_of_birth_placeholder'
                when
                    dates_chosen.field in ('date_of_birth', 'date_of_death', 'event_start_date')
                    and dates_chosen.date_read > dates_chosen.received_on
                    then 'date_outside_limits'
                when
                    dates_chosen.field in ('date_of_birth', 'date_of_death')
                    and {{ age_on('dates_chosen.date_read', 'dates_chosen.received_on') }}
                    > policy.oldest_age
                    then 'date_outside_limits'
                when dates_chosen.is_late_evening then 'date_may_be_shifted'
                when dates_chosen.is_mixed and dates_chosen.is_either then 'date_ambiguous'
                when dates_chosen.shape = 'parts' and dates_chosen.month_first
                    then 'date_month_first'
            end as rule_id,
            case
                when dates_chosen.date_read is null then null
                when dates_chosen.shape = 'serial' then 'date_as_serial'
                when dates_chosen.has_time then 'date_with_time'
                when dates_chosen.is_assumed and dates_chosen.is_either
                    then 'date_convention_assumed'
                when dates_chosen.raw <> dates_chosen.cleaned then 'blanks_around_value'
            end as repair_rule_id
        from dates_chosen
        cross join policy
        left join placeholders
            on dates_chosen.date_read = placeholders.placeholder_date

    )
{%- endmacro %}
