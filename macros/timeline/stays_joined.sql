{# CTEs that make stays in hospital, from one door to the other, of spells: a spell that begins within
   the days of the seed after another, and bears a sign of transfer, goes on from it. `spells` is a
   relation with activity_type, activity_date, end_date and the codes of `transfer_signs`; `person` its
   column that says whose; `firsts` and `lasts` further columns that a stay has of its first and of its
   last spell. Makes `<name>`. #}
{% macro stays_joined(name, spells, person, firsts=[], lasts=[]) -%}
{{ name }}_signed as (

    select
        spells.*,
        from_elsewhere.code is not null as comes_from_elsewhere,
        to_elsewhere.code is not null as goes_elsewhere
    from {{ spells }} as spells
    left join {{ ref('transfer_signs') }} as from_elsewhere
        on
            spells.admission_method = from_elsewhere.code
            and from_elsewhere.field = 'admission_method'
    left join {{ ref('transfer_signs') }} as to_elsewhere
        on
            spells.discharge_destination = to_elsewhere.code
            and to_elsewhere.field = 'discharge_destination'

),

{{ name }}_ordered as (

    select
        *,
        row_number() over (
            partition by {{ person }}
            order by
                activity_date asc,
                coalesce(end_date, date '9999-12-31') asc,
                activity_type asc,
                tariff_cost asc nulls last
        ) as place
    from {{ name }}_signed

),

{{ name }}_followed as (

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
    from {{ name }}_ordered as later
    cross join (
        select {{ policy_value('transfer_days', 'integer') }} as transfer_days
        from {{ ref('timeline_policy') }}
    ) as policy
    left join {{ name }}_ordered as earlier
        on
            later.{{ person }} = earlier.{{ person }}
            and later.place = earlier.place + 1

),

{{ name }}_numbered as (

    select
        *,
        sum(is_first) over (
            partition by {{ person }}
            order by place
            rows between unbounded preceding and current row
        ) as stay
    from {{ name }}_followed

),

{{ name }} as (

    select
        ---------- who, and which of their stays
        {{ person }},
        stay,

        ---------- how it began
        {%- for column in firsts %}
        min_by({{ column }}, place) as {{ column }},
        {%- endfor %}
        min_by(activity_type, place) as activity_type,
        min_by(admission_method, place) as admission_method,
        min_by(primary_diagnosis, place) as primary_diagnosis,
        min(activity_date) as admission_date,

        ---------- how it ended
        {%- for column in lasts %}
        max_by({{ column }}, place) as {{ column }},
        {%- endfor %}
        max_by(discharge_method, place) as discharge_method,
        max_by(discharge_destination, place) as discharge_destination,
        max_by(treatment_function_code, place) as treatment_function_code,
        case when count(*) = count(end_date) then max(end_date) end as discharge_date,
        coalesce(
            case when count(*) = count(end_date) then max(end_date) end = min(activity_date), false
        ) as is_zero_length,

        ---------- made of
        count(*) as spells_joined,
        cast(sum(coalesce(tariff_cost, 0)) as decimal(18, 2)) as cost_pounds
    from {{ name }}_numbered
    group by 1, 2

)
{%- endmacro %}
