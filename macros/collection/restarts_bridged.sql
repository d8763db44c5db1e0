{# CTEs that find services which end on the eve of the restart day and start again on it: `bridges`,
   one row per piece of such a service, with the start of the first piece and whether it is the last.
   A restart is bridged only where one piece ended and one began: of two alike none can be told. #}
{% macro restarts_bridged(events) -%}
repairs as (

    select {{ repair_is_on('bridge_restarts') }} as bridge_restarts
    from {{ ref('lifecycle_repairs') }}

),

restart_days as (

    select {{ policy_value('service_restart_day', dbt.type_string()) }} as month_and_day
    from {{ ref('collection_policy') }}

),

services as (

    select
        {{ events }}.submission_id,
        {{ events }}.row_number,
        {{ events }}.event_start_date,
        {{ events }}.derived_event_end_date,
        concat_ws(
            '|',
            {{ events }}.sender_la_code,
            {{ events }}.person_key,
            coalesce({{ events }}.client_type, ''),
            coalesce({{ events }}.service_type, ''),
            coalesce({{ events }}.service_component, '')
        ) as service_key,
        cast(
            cast(extract(year from {{ events }}.event_start_date) as {{ dbt.type_string() }})
            || '-' || restart_days.month_and_day as date
        ) as restart_day,
        cast(
            cast(extract(year from {{ events }}.derived_event_end_date) as {{ dbt.type_string() }})
            || '-' || restart_days.month_and_day as date
        ) as restart_day_after
    from {{ events }}
    cross join repairs
    cross join restart_days
    where
        repairs.bridge_restarts
        and {{ events }}.event_type = 'Service'
        and {{ events }}.record_state = 'current'

),

begun as (

    select
        *,
        count(*) over (partition by service_key, restart_day) as alike
    from services
    where event_start_date = restart_day

),

ended as (

    select
        *,
        count(*) over (partition by service_key, restart_day_after) as alike
    from services
    where {{ days_added('derived_event_end_date', 1) }} = restart_day_after

),

links as (

    select
        begun.service_key,
        begun.restart_day,
        begun.submission_id as later_submission_id,
        begun.row_number as later_row_number,
        ended.submission_id as earlier_submission_id,
        ended.row_number as earlier_row_number,
        ended.event_start_date as earlier_start_date,
        case
            when
                lag(begun.restart_day) over (
                    partition by begun.service_key
                    order by begun.restart_day
                ) = ended.event_start_date
                then 0
            else 1
        end as is_first
    from begun
    inner join ended
        on
            begun.service_key = ended.service_key
            and begun.restart_day = ended.restart_day_after
    where
        begun.alike = 1
        and ended.alike = 1

),

chained as (

    select
        *,
        sum(is_first) over (
            partition by service_key
            order by restart_day
            rows between unbounded preceding and current row
        ) as chain
    from links

),

bridges as (

    select
        later_submission_id as submission_id,
        later_row_number as row_number,
        min(earlier_start_date) over (partition by service_key, chain) as first_start_date,
        max(restart_day) over (partition by service_key, chain) = restart_day as is_last
    from chained
    union all
    select
        earlier_submission_id as submission_id,
        earlier_row_number as row_number,
        earlier_start_date as first_start_date,
        false as is_last
    from chained
    where is_first = 1

)
{%- endmacro %}
