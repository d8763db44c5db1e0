-- One row per council, person and covered month in which the person was alive and the council's:
-- the person-time that everything else is counted over. Use of health care is null, not zero,
-- for whoever could not be traced.
with

persons as (

    select * from {{ ref('int_persons_pseudonymised') }}

),

covered as (

    select
        la_code,
        month_start,
        {{ last_day_of_month('month_start') }} as month_end
    from {{ ref('int_periods_covered') }}

),

events as (

    select * from {{ ref('int_care_events_pseudonymised') }}

),

deaths as (

    select * from {{ ref('int_deaths_reconciled') }}

),

policy as (

    select max(case when parameter = 'moved_outcome' then value end) as moved_outcome
    from {{ ref('timeline_policy') }}

),

spells as (

    select * from {{ ref('int_care_spells_stitched') }}

),

costs as (

    select
        la_code,
        person_token,
        month_start,
        sum(cost_pounds) as care_cost_pounds,
        sum(case when is_personal_budget then cost_pounds else 0 end) as personal_budget_pounds
    from {{ ref('int_care_costs_dated') }}
    group by 1, 2, 3

),

stays as (

    select * from {{ ref('int_health_spells_joined') }}

),

attendances as (

    select * from {{ ref('int_health_activity_pseudonymised') }}
    where activity_type = 'emergency_attendance'

),

-- Moved away: the last that the council knows is that another one is responsible.
last_events as (

    select
        events.la_code,
        events.person_token,
        min(events.event_start_date) as known_from,
        max(events.event_start_date) as last_start_date,
        max(
            case when events.event_outcome = policy.moved_outcome then events.event_end_date end
        ) as moved_on
    from events
    cross join policy
    group by 1, 2

),

bounds as (

    select
        persons.la_code,
        persons.person_token,
        persons.person_token_type = 'nhs_number' as is_traced,
        last_events.known_from,
        deaths.died_on,
        case
            when last_events.moved_on >= last_events.last_start_date then last_events.moved_on
        end as moved_on
    from persons
    left join last_events
        on
            persons.la_code = last_events.la_code
            and persons.person_token = last_events.person_token
    left join deaths
        on persons.person_token = deaths.person_token

),

months as (

    select
        bounds.*,
        covered.month_start,
        covered.month_end,
        least(
            coalesce(bounds.died_on, covered.month_end),
            coalesce(bounds.moved_on, covered.month_end),
            covered.month_end
        ) as last_day
    from bounds
    inner join covered
        on
            bounds.la_code = covered.la_code
            and covered.month_start <= coalesce(bounds.died_on, covered.month_start)
            and covered.month_start <= coalesce(bounds.moved_on, covered.month_start)

),

settings as (

    select
        months.la_code,
        months.person_token,
        months.month_start,
        min(
            case
                when coalesce(spells.end_date, months.last_day) >= months.last_day
                    then spells.setting_rank
            end
        ) as setting_rank,
        count(*) as supports
    from months
    inner join spells
        on
            months.la_code = spells.la_code
            and months.person_token = spells.person_token
            and months.last_day >= spells.start_date
            and months.month_start <= coalesce(spells.end_date, months.month_start)
    group by 1, 2, 3

),

stays_by_month as (

    select
        months.la_code,
        months.person_token,
        months.month_start,
        sum(case when stays.activity_type = 'emergency_admission' then 1 else 0 end)
            as emergency_admissions,
        sum(case when stays.activity_type = 'planned_admission' then 1 else 0 end)
            as planned_admissions,
        sum(stays.cost_pounds) as cost_pounds
    from months
    inner join stays
        on
            months.person_token = stays.person_token
            and stays.admission_date between months.month_start and months.last_day
    group by 1, 2, 3

),

attendances_by_month as (

    select
        months.la_code,
        months.person_token,
        months.month_start,
        count(*) as emergency_attendances,
        sum(coalesce(attendances.tariff_cost, 0)) as cost_pounds
    from months
    inner join attendances
        on
            months.person_token = attendances.person_token
            and attendances.activity_date between months.month_start and months.last_day
    group by 1, 2, 3

),

observed as (

    select
        ---------- who
        months.la_code,
        months.person_token,
        months.is_traced,

        ---------- when
        months.month_start,
        months.last_day,
        {{ days_between('months.month_start', 'months.last_day') }} + 1 as days_observed,
        case
            when months.known_from is null or months.known_from > months.last_day then 0
            else {{ days_between(
                'greatest(months.known_from, months.month_start)', 'months.last_day'
            ) }} + 1
        end as days_known,

        ---------- care
        settings.setting_rank,
        coalesce(settings.supports, 0) > 0 as is_supported,
        coalesce(costs.care_cost_pounds, 0) as care_cost_pounds,
        coalesce(costs.personal_budget_pounds, 0) as personal_budget_pounds,

        ---------- health: unknown without a trace
        case when months.is_traced then coalesce(stays_by_month.emergency_admissions, 0) end
            as emergency_admissions,
        case when months.is_traced then coalesce(stays_by_month.planned_admissions, 0) end
            as planned_admissions,
        case when months.is_traced then coalesce(attendances_by_month.emergency_attendances, 0) end
            as emergency_attendances,
        case
            when months.is_traced
                then
                    coalesce(stays_by_month.cost_pounds, 0)
                    + coalesce(attendances_by_month.cost_pounds, 0)
        end as health_cost_pounds
    from months
    {% for part in ['settings', 'costs', 'stays_by_month', 'attendances_by_month'] %}
    left join {{ part }}
        on
            months.la_code = {{ part }}.la_code
            and months.person_token = {{ part }}.person_token
            and months.month_start = {{ part }}.month_start
    {% endfor %}

)

select * from observed
