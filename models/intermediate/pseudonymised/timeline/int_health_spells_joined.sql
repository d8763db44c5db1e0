-- One row per stay in hospital of a traced person, from one door to the other: a stay that
-- begins within the days of the seed after another, and bears a sign of transfer, goes on from
-- it.
with

activities as (

    select * from {{ ref('int_health_activity_pseudonymised') }}
    where activity_type <> 'emergency_attendance'

),

signs as (

    select * from {{ ref('transfer_signs') }}

),

policy as (

    select {{ policy_value('transfer_days', 'integer') }} as transfer_days
    from {{ ref('timeline_policy') }}

),

signed as (

    select
        activities.*,
        from_elsewhere.code is not null as comes_from_elsewhere,
        to_elsewhere.code is not null as goes_elsewhere
    from activities
    left join signs as from_elsewhere
        on
            activities.admission_method = from_elsewhere.code
            and from_elsewhere.field = 'admission_method'
    left join signs as to_elsewhere
        on
            activities.discharge_destination = to_elsewhere.code
            and to_elsewhere.field = 'discharge_destination'

),

ordered as (

    select
        *,
        row_number() over (
            partition by person_token
            order by
                activity_date asc,
                coalesce(end_date, date '9999-12-31') asc,
                activity_type asc,
                tariff_cost asc
        ) as place
    from signed

),

followed as (

    select
        later.*,
        case
            when
                earlier.end_date is not null
                and later.activity_date >= earlier.end_date
                and later.activity_date
                <= {{ days_added('earlier.end_date', 'policy.transfer_days') }}
                and (earlier.goes_elsewhere or later.comes_from_elsewhere)
                then 0
            else 1
        end as is_first
    from ordered as later
    cross join policy
    left join ordered as earlier
        on
            later.person_token = earlier.person_token
            and later.place = earlier.place + 1

),

numbered as (

    select
        *,
        sum(is_first) over (
            partition by person_token
            order by place
            rows between unbounded preceding and current row
        ) as spell
    from followed

),

joined_spells as (

    select
        ---------- who
        person_token,
        max_by(age_band_at_end, place) as age_band_at_end,

        ---------- how it began
        min_by(activity_type, place) as activity_type,
        min_by(admission_method, place) as admission_method,
        min_by(primary_diagnosis, place) as primary_diagnosis,
        min(activity_date) as admission_date,

        ---------- how it ended
        max_by(discharge_method, place) as discharge_method,
        max_by(discharge_destination, place) as discharge_destination,
        max_by(treatment_function_code, place) as treatment_function_code,
        case when count(*) = count(end_date) then max(end_date) end as discharge_date,

        ---------- made of
        count(*) as spells_joined,
        cast(sum(coalesce(tariff_cost, 0)) as decimal(18, 2)) as cost_pounds
    from numbered
    group by person_token, spell

)

select
    *,
    coalesce(discharge_date = admission_date, false) as is_zero_length
from joined_spells
