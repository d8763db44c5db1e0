-- One row per submission and rule about the submission as a whole, and field where it has one.
{%- set sizes = [
    'fewer_rows_than_before', 'fewer_clients_than_before', 'emptier_than_before',
    'last_row_of_the_format', 'older_than_history'
] %}

with

submissions as (

    select *
    from {{ ref('stg_submissions__submissions') }}
    where outcome = 'landed'

),

columns_read as (

    select * from {{ ref('stg_submissions__columns') }}

),

fields as (

    select * from {{ ref('specification_fields') }}

),

values_read as (

    select * from {{ ref('int_values_read') }}

),

periods as (

    select * from {{ ref('int_submission_periods') }}

),

compared as (

    select * from {{ ref('int_submission_sizes') }}

),

schedule as (

    select * from {{ ref('submission_schedule') }}

),

policy as (

    select
        {{ policy_value('rows_drop_share', 'decimal(9, 6)') }} as rows_drop_share,
        {{ policy_value('clients_drop_share', 'decimal(9, 6)') }} as clients_drop_share,
        {{ policy_value('cells_drop_share', 'decimal(9, 6)') }} as cells_drop_share,
        {{ policy_value('history_months', 'integer') }} as history_months,
        {{ policy_value('last_row_xls', 'bigint') }} as last_row_xls,
        {{ policy_value('last_row_xlsx', 'bigint') }} as last_row_xlsx
    from {{ ref('collection_policy') }}

),

against_policy as (

    select
        compared.submission_id,
        compared.rows_read < policy.rows_drop_share * compared.rows_before
            as fewer_rows_than_before,
        compared.persons < policy.clients_drop_share * compared.persons_before
            as fewer_clients_than_before,
        compared.cells_per_row < policy.cells_drop_share * compared.cells_per_row_before
            as emptier_than_before,
        compared.last_row in (policy.last_row_xls, policy.last_row_xlsx) as last_row_of_the_format,
        compared.first_event_end < {{ months_added(
            'cast(compared.received_at as date)', '-policy.history_months'
        ) }} as older_than_history
    from compared
    cross join policy

),

-- What was sent together is one delivery, in however many sheets.
sent_before as (

    select distinct later.submission_id
    from periods as later
    inner join periods as earlier
        on
            later.la_code = earlier.la_code
            and later.received_at > earlier.received_at
            and date_trunc('month', later.received_at) = date_trunc('month', earlier.received_at)
            and later.period_start <= earlier.period_end
            and later.period_end >= earlier.period_start

),

last_months as (

    select
        submission_id,
        la_code,
        received_at,
        period_start,
        period_end,
        cast(date_trunc('month', period_end) as date) as last_month
    from periods
    where period_end is not null

),

covered_in_time as (

    select distinct
        schedule.la_code,
        schedule.period_month
    from schedule
    inner join last_months
        on
            schedule.la_code = last_months.la_code
            and cast(last_months.received_at as date) <= schedule.due_date
            and schedule.period_month between last_months.period_start and last_months.period_end

),

against_schedule as (

    select
        last_months.submission_id,
        schedule.due_date is null as not_on_schedule,
        cast(last_months.received_at as date) > schedule.due_date
        and covered_in_time.period_month is null as received_late
    from last_months
    left join schedule
        on
            last_months.la_code = schedule.la_code
            and last_months.last_month = schedule.period_month
    left join covered_in_time
        on
            schedule.la_code = covered_in_time.la_code
            and schedule.period_month = covered_in_time.period_month

),

broken as (

    select distinct
        submissions.submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        'columns_not_recognised' as rule_id
    from submissions
    inner join columns_read
        on submissions.submission_id = columns_read.submission_id
    where columns_read.match_kind in ('unknown', 'duplicate')
    union all
    select distinct
        submissions.submission_id,
        columns_read.field,
        'headers_normalised' as rule_id
    from submissions
    inner join columns_read
        on submissions.submission_id = columns_read.submission_id
    where columns_read.match_kind in ('normalised', 'alias')
    union all
    select
        submissions.submission_id,
        fields.field,
        'columns_missing' as rule_id
    from submissions
    cross join fields
    left join columns_read
        on
            submissions.submission_id = columns_read.submission_id
            and fields.field = columns_read.field
    where columns_read.submission_id is null
    union all
    select distinct
        submission_id,
        field,
        'sender_code_of_other_kind' as rule_id
    from values_read
    where repair_rule_id = 'own_code_of_other_kind'
    union all
    select
        submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        'period_not_derived' as rule_id
    from periods
    where basis = 'none'
    union all
    select
        submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        'period_differs' as rule_id
    from periods
    where
        period_start <> stated_start
        or period_end <> stated_end
    union all
    select
        submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        'more_than_monthly' as rule_id
    from sent_before
    union all
    select
        submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        rule_id
    from {{ unpivoted('against_policy', sizes, 'rule_id', 'is_broken') }}
    where is_broken
    union all
    select
        submission_id,
        cast(null as {{ dbt.type_string() }}) as field,
        rule_id
    from {{ unpivoted(
        'against_schedule', ['not_on_schedule', 'received_late'], 'rule_id', 'is_broken'
    ) }}
    where is_broken

)

select * from broken
