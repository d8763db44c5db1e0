{# First-fit local recoding. `tuples` is a CTE of distinct tuples with a number of persons; `steps` the
   number of recoding steps in the seed, in order of information loss. Each step generalises every
   tuple that has no place yet, and keeps those whose class *among these* has enough persons, enough
   sensitive values and no value that dominates. What no step can place is left out whole.

   Needs the CTEs `tuples`, `recoding_steps` and `limits`; makes `placed` (tuple_id, step, labels). #}
{% macro first_fit_recoding(steps) %}
unplaced_0 as (

    select * from tuples

),
{% for step in range(1, steps + 1) %}
labelled_{{ step }} as (

    select
        unplaced.*,
        recoding_steps.step,
{{ recoded_labels('unplaced') }}
    from unplaced_{{ step - 1 }} as unplaced
    inner join recoding_steps
        on
            unplaced.recipient_type = recoding_steps.recipient_type
            and recoding_steps.step = {{ step }}

),

values_{{ step }} as (

    select
        agreement_reference,
        recipient_type,
        age_band,
        sex,
        ethnic_group,
        area_code,
        known_side,
        sensitive_value,
        sum(persons) as persons
    from labelled_{{ step }}
    group by 1, 2, 3, 4, 5, 6, 7, 8

),

classes_{{ step }} as (

    select
        values_{{ step }}.agreement_reference,
        values_{{ step }}.age_band,
        values_{{ step }}.sex,
        values_{{ step }}.ethnic_group,
        values_{{ step }}.area_code,
        values_{{ step }}.known_side
    from values_{{ step }}
    inner join limits
        on values_{{ step }}.recipient_type = limits.recipient_type
    group by 1, 2, 3, 4, 5, 6
    having
        sum(values_{{ step }}.persons) >= max(limits.k_persons)
        and sum(values_{{ step }}.persons) >= max(limits.batch_persons)
        and count(*) >= max(limits.l_values)
        and max(values_{{ step }}.persons)
        <= max(limits.top_share) * sum(values_{{ step }}.persons)

),

placed_{{ step }} as (

    select labelled_{{ step }}.*
    from labelled_{{ step }}
    inner join classes_{{ step }}
        on
            labelled_{{ step }}.agreement_reference = classes_{{ step }}.agreement_reference
            and labelled_{{ step }}.age_band = classes_{{ step }}.age_band
            and labelled_{{ step }}.sex = classes_{{ step }}.sex
            and labelled_{{ step }}.ethnic_group = classes_{{ step }}.ethnic_group
            and labelled_{{ step }}.area_code = classes_{{ step }}.area_code
            and labelled_{{ step }}.known_side = classes_{{ step }}.known_side

),

unplaced_{{ step }} as (

    select unplaced.*
    from unplaced_{{ step - 1 }} as unplaced
    left join placed_{{ step }}
        on unplaced.tuple_id = placed_{{ step }}.tuple_id
    where placed_{{ step }}.tuple_id is null

),
{% endfor %}
placed as (
{% for step in range(1, steps + 1) %}
    select
        tuple_id,
        step,
        known_level,
        known_side,
        age_band,
        sex,
        ethnic_group,
        area_code
    from placed_{{ step }}
    {{ 'union all' if not loop.last }}
{% endfor %}
)
{% endmacro %}
