-- One row per agreement and person whom a release has shown before: how the next may show them.
-- Tokens last, so a recipient can lay releases on top of each other: whoever could not be told
-- apart by all releases so far (one class path) stays so. A path is split by what the recipient has
-- come to know since only where each part holds as a class of its own; the rest is shown as before.
with

frozen as (

    select * from {{ ref('int_releases_frozen') }}

),

persons as (

    select * from {{ ref('int_persons_entitled') }}

),

known_sides as (

    select * from {{ ref('int_known_sides_sequenced') }}

),

rebased as (

    select * from {{ ref('int_persons_rebased') }}

),

sensitive_values as (

    select * from {{ ref('int_sensitive_values_banded') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'linked_persons'

),

-- `here`: in the data. `gone`: left them, and may be kept. `barred`: may not be shown any more.
members as (

    select
        frozen.agreement_reference,
        agreements.recipient_type,
        frozen.person_token,
        frozen.class_path,
        frozen.is_shown as was_shown,
        frozen.known_level as known_level_before,
        frozen.known_side as known_side_before,
        coalesce(
            frozen.known_side <> case frozen.known_level
                when 0 then known_sides.known_0
                when 1 then known_sides.known_1
                when 2 then known_sides.known_2
                when 3 then known_sides.known_3
                else '*'
            end,
            false
        ) as is_out_of_date,
        case
            when persons.person_token is null then 'barred'
            when persons.is_held then 'gone'
            else 'here'
        end as presence,
        known_sides.known_0,
        known_sides.known_1,
        known_sides.known_2,
        known_sides.known_3,
        case
            when rebased.is_row_renewed and not persons.is_held
                then sensitive_values.sensitive_value
            else frozen.sensitive_value
        end as sensitive_value
    from frozen
    inner join agreements
        on frozen.agreement_reference = agreements.agreement_reference
    left join persons
        on
            frozen.agreement_reference = persons.agreement_reference
            and frozen.person_token = persons.person_token
    left join known_sides
        on
            frozen.agreement_reference = known_sides.agreement_reference
            and frozen.person_token = known_sides.person_token
    left join sensitive_values
        on
            frozen.agreement_reference = sensitive_values.agreement_reference
            and frozen.person_token = sensitive_values.person_token
    left join rebased
        on
            frozen.agreement_reference = rebased.agreement_reference
            and frozen.class_path = rebased.class_path

),

---------- who may leave, and who must stay away

{{ classes_that_hold('leaving', 'members', ['agreement_reference', 'class_path'],
    "presence = 'gone'", batch=true) }},

{{ classes_that_hold('staying_away', 'members', ['agreement_reference', 'class_path'],
    "presence = 'barred'", batch=true) }},

---------- who may be shown with the known side: by quarters, by years, by kinds, in short

{% for level in range(4) -%}
{{ classes_that_hold(
    'known_' ~ level ~ '_classes',
    'members' if level == 0 else 'unplaced_' ~ level,
    ['agreement_reference', 'class_path', 'known_' ~ level],
    "presence = 'here' and " ~ may_be_shown(level)) }},

placed_{{ level }} as (

    select
        members.agreement_reference,
        members.person_token,
        {{ level }} as known_level,
        members.known_{{ level }} as known_side
    from {{ 'members' if level == 0 else 'unplaced_' ~ level }} as members
    inner join known_{{ level }}_classes
        on
            members.agreement_reference = known_{{ level }}_classes.agreement_reference
            and members.class_path = known_{{ level }}_classes.class_path
            and members.known_{{ level }} = known_{{ level }}_classes.known_{{ level }}
    where
        members.presence = 'here'
        and {{ may_be_shown(level, 'members.') }}

),

unplaced_{{ level + 1 }} as (

    select members.*
    from {{ 'members' if level == 0 else 'unplaced_' ~ level }} as members
    left join placed_{{ level }}
        on
            members.agreement_reference = placed_{{ level }}.agreement_reference
            and members.person_token = placed_{{ level }}.person_token
    where placed_{{ level }}.person_token is null

),

{% endfor -%}
placed as (

    select * from placed_0
    union all
    select * from placed_1
    union all
    select * from placed_2
    union all
    select * from placed_3

),

-- The rest is shown as before, whatever has become known since; so is who is gone but may not
-- leave.
remaining as (

    select
        unplaced_4.*,
        unplaced_4.presence = 'here'
        or (
            unplaced_4.presence = 'gone'
            and unplaced_4.was_shown
            and leaving.class_path is null
        ) as is_rest
    from unplaced_4
    left join leaving
        on
            unplaced_4.agreement_reference = leaving.agreement_reference
            and unplaced_4.class_path = leaving.class_path

),

{{ classes_that_hold('rests', 'remaining', ['agreement_reference', 'class_path'], 'is_rest') }},

{{ classes_that_hold('wholes', 'members', ['agreement_reference', 'class_path'],
    "presence <> 'barred'") }},

paths as (

    select
        members.agreement_reference,
        members.class_path,
        max(case when members.was_shown then 1 else 0 end) = 1 as was_shown,
        max(case when members.presence = 'barred' then 1 else 0 end) = 1 as has_barred,
        max(case when remaining.is_rest then 1 else 0 end) = 1 as has_rest
    from members
    left join remaining
        on
            members.agreement_reference = remaining.agreement_reference
            and members.person_token = remaining.person_token
    group by members.agreement_reference, members.class_path

),

-- Whoever must stay away is told apart by that alone: too few of them hide the whole path.
judged as (

    select
        paths.agreement_reference,
        paths.class_path,
        (not paths.has_rest or rests.class_path is not null)
        and (not paths.has_barred or staying_away.class_path is not null) as can_be_split,
        paths.was_shown
        and wholes.class_path is not null
        and (not paths.has_barred or staying_away.class_path is not null) as can_be_shown_whole
    from paths
    left join rests
        on
            paths.agreement_reference = rests.agreement_reference
            and paths.class_path = rests.class_path
    left join staying_away
        on
            paths.agreement_reference = staying_away.agreement_reference
            and paths.class_path = staying_away.class_path
    left join wholes
        on
            paths.agreement_reference = wholes.agreement_reference
            and paths.class_path = wholes.class_path

),

decided as (

    select
        members.agreement_reference,
        members.person_token,
        members.class_path,
        case
            when members.presence = 'barred' then false
            when judged.can_be_split
                then placed.person_token is not null or coalesce(remaining.is_rest, false)
            else judged.can_be_shown_whole
        end as is_shown,
        members.presence <> 'barred' and judged.can_be_shown_whole as is_shown_unmoved,
        case
            when judged.can_be_split and placed.person_token is not null then placed.known_level
            else members.known_level_before
        end as known_level,
        case
            when judged.can_be_split and placed.person_token is not null then placed.known_side
            else members.known_side_before
        end as known_side
    from members
    inner join judged
        on
            members.agreement_reference = judged.agreement_reference
            and members.class_path = judged.class_path
    left join placed
        on
            members.agreement_reference = placed.agreement_reference
            and members.person_token = placed.person_token
    left join remaining
        on
            members.agreement_reference = remaining.agreement_reference
            and members.person_token = remaining.person_token

)

select
    ---------- who
    decided.agreement_reference,
    decided.person_token,

    ---------- whom they could not be told from so far; whether they are shown: if the path may
    ---------- move, and if it may not
    decided.class_path as class_path_before,
    decided.is_shown,
    decided.is_shown_unmoved,

    ---------- as whom, if the path may move
    coalesce(rebased.reference_date, frozen.reference_date) as reference_date,
    coalesce(rebased.recoding_step, frozen.recoding_step) as recoding_step,
    decided.known_level,
    decided.known_side,
    coalesce(rebased.age_band, frozen.age_band) as age_band,
    coalesce(rebased.sex, frozen.sex) as sex,
    coalesce(rebased.ethnic_group, frozen.ethnic_group) as ethnic_group,
    coalesce(rebased.area_code, frozen.area_code) as area_code,
    case
        when rebased.is_row_renewed and persons.person_token is not null
            then persons.primary_support_reason
        else frozen.primary_support_reason
    end as primary_support_reason,
    case
        when rebased.is_row_renewed and persons.person_token is not null then persons.care_setting
        else frozen.care_setting
    end as care_setting,
    case
        when rebased.is_row_renewed and not persons.is_held then sensitive_values.sensitive_value
        else frozen.sensitive_value
    end as sensitive_value
from decided
inner join frozen
    on
        decided.agreement_reference = frozen.agreement_reference
        and decided.person_token = frozen.person_token
left join persons
    on
        decided.agreement_reference = persons.agreement_reference
        and decided.person_token = persons.person_token
left join sensitive_values
    on
        decided.agreement_reference = sensitive_values.agreement_reference
        and decided.person_token = sensitive_values.person_token
left join rebased
    on
        decided.agreement_reference = rebased.agreement_reference
        and decided.class_path = rebased.class_path
