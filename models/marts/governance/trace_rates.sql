-- One row per council (or all together), attribute, category and trace step. Small counts are
-- hidden; where one cell of a sum would follow from the others, the smallest of those is too.
with

outcomes as (

    select * from {{ ref('int_trace_outcomes_counted') }}

),

limits as (

    select
        {{ policy_value('site_small_number', 'integer') }} as small_number_threshold,
        {{ policy_value('site_rounding_base', 'integer') }} as rounding_base
    from {{ ref('report_policy') }}

),

pooled as (

    select
        la_code,
        attribute,
        category,
        trace_step,
        persons
    from outcomes

    union all

    select
        'all' as la_code,
        attribute,
        category,
        trace_step,
        sum(persons) as persons
    from outcomes
    group by 2, 3, 4

),

-- Every step of every category is a cell, at nought where nobody was traced so.
step_names as (

    select distinct trace_step
    from outcomes

),

categories as (

    select distinct
        la_code,
        attribute,
        category
    from pooled

),

cells as (

    select
        categories.la_code,
        categories.attribute,
        categories.category,
        step_names.trace_step,
        coalesce(pooled.persons, 0) as persons
    from categories
    cross join step_names
    left join pooled
        on
            categories.la_code = pooled.la_code
            and categories.attribute = pooled.attribute
            and categories.category = pooled.category
            and step_names.trace_step = pooled.trace_step

),

totals as (

    select
        la_code,
        attribute,
        category,
        sum(persons) as persons
    from cells
    group by 1, 2, 3

),

hidden_0 as (

    select
        cells.*,
        cells.persons > 0 and cells.persons < limits.small_number_threshold as is_hidden
    from cells
    cross join limits

),

-- The sums that a reader can make: the steps of a category, the categories of a step, the councils
-- of both; and the steps again, for what the others hid.
{% set sums = [
    'la_code, attribute, category',
    'la_code, attribute, trace_step',
    "attribute, category, trace_step, case when la_code = 'all' then 'all' else 'one' end",
    'la_code, attribute, category',
] %}
{% for cells_of_sum in sums %}
ranked_{{ loop.index }} as (

    select
        *,
        sum(case when is_hidden then 1 else 0 end) over (partition by {{ cells_of_sum }})
            as hidden_cells,
        row_number() over (
            partition by {{ cells_of_sum }}
            order by
                case when is_hidden or persons = 0 then 1 else 0 end asc,
                persons asc,
                la_code asc,
                category asc,
                trace_step asc
        ) as place
    from hidden_{{ loop.index0 }}

),

hidden_{{ loop.index }} as (

    select
        la_code,
        attribute,
        category,
        trace_step,
        persons,
        is_hidden or (hidden_cells = 1 and place = 1 and persons > 0) as is_hidden
    from ranked_{{ loop.index }}

),
{% endfor %}

judged as (

    select * from hidden_{{ sums | length }}

),

protected as (

    select
        judged.la_code,
        judged.attribute,
        judged.category,
        judged.trace_step,
        case
            when not judged.is_hidden
                then {{ protected_count('judged.persons', 'limits') }}
        end as persons,
        case
            when judged.is_hidden then 'hidden'
            else {{ protected_status('judged.persons', 'limits') }}
        end as persons_status,
        {{ protected_count('totals.persons', 'limits') }} as persons_of_category
    from judged
    cross join limits
    inner join totals
        on
            judged.la_code = totals.la_code
            and judged.attribute = totals.attribute
            and judged.category = totals.category

)

select
    ---------- whose
    cast(la_code as string) as la_code,

    ---------- what
    cast(attribute as string) as attribute,
    cast(category as string) as category,
    cast(trace_step as string) as trace_step,

    ---------- how many, and in 100: made of the numbers shown
    cast(persons as bigint) as persons,
    cast(persons_status as string) as persons_status,
    cast(persons_of_category as bigint) as persons_of_category,
    cast(
        case
            when persons_of_category > 0 then round(100.0 * persons / persons_of_category)
        end as integer
    ) as persons_in_100
from protected
