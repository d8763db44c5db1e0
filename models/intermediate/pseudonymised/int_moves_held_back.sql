-- One row per agreement and group of persons whose move must wait: with it, a class would differ
-- from the same class of an earlier release by fewer than k persons who are all alike, so that a
-- reader who lays two releases side by side, without any pseudonym, knows their value. Holding one
-- group back can make another conspicuous: so in rounds; what is left after the last holds all of
-- the agreement back.
{% set rounds = 6 %}
{% set keys = ['agreement_reference', 'is_new', 'class_path', 'visible_class'] %}
with

continued as (

    select * from {{ ref('int_persons_continued') }}

),

frozen as (

    select * from {{ ref('int_releases_frozen') }}

),

joined as (

    select * from {{ ref('int_persons_joined') }}

),

persons as (

    select * from {{ ref('int_persons_entitled') }}

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

released as (

    select * from {{ ref('int_classes_released') }}

),

-- As whom each person is shown if all may move, and if nobody may.
after_moves as (

    select
        continued.agreement_reference,
        false as is_new,
        continued.class_path_before as class_path,
        {{ visible_class('continued') }} as visible_class,
        continued.is_shown,
        continued.primary_support_reason,
        continued.care_setting,
        continued.sensitive_value
    from continued
    union all
    select
        joined.agreement_reference,
        true as is_new,
        joined.class_path,
        {{ visible_class('joined') }} as visible_class,
        true as is_shown,
        persons.primary_support_reason,
        persons.care_setting,
        sensitive_values.sensitive_value
    from joined
    inner join persons
        on
            joined.agreement_reference = persons.agreement_reference
            and joined.person_token = persons.person_token
    inner join sensitive_values
        on
            joined.agreement_reference = sensitive_values.agreement_reference
            and joined.person_token = sensitive_values.person_token

),

unmoved as (

    select
        continued.agreement_reference,
        false as is_new,
        continued.class_path_before as class_path,
        {{ visible_class('frozen') }} as visible_class,
        frozen.primary_support_reason,
        frozen.care_setting,
        frozen.sensitive_value
    from continued
    inner join frozen
        on
            continued.agreement_reference = frozen.agreement_reference
            and continued.person_token = frozen.person_token
    where continued.is_shown_unmoved

),

changes as (

    {{ learnt_values('after_moves', keys, 'is_shown') }}
    union all
    {{ learnt_values('unmoved', keys, 'true', amount='-1') }}

),

moves as (

    select
        agreement_reference,
        is_new,
        class_path,
        visible_class,
        kind,
        learnt,
        sum(persons) as persons
    from changes
    group by 1, 2, 3, 4, 5, 6
    having sum(persons) <> 0

),

still_there as (

    {{ learnt_values('unmoved', ['agreement_reference', 'visible_class'], 'true') }}

),

earlier_releases as (

    select distinct
        released.agreement_reference,
        released.release_id,
        limits.k_persons
    from released
    inner join agreements
        on released.agreement_reference = agreements.agreement_reference
    inner join limits
        on agreements.recipient_type = limits.recipient_type

),

held_0 as (

    select
        agreement_reference,
        is_new,
        class_path
    from moves
    where 1 = 0

),
{% for round in range(1, rounds + 1) %}
now_{{ round }} as (

    select
        agreement_reference,
        visible_class,
        kind,
        learnt,
        persons
    from still_there
    union all
    select
        moves.agreement_reference,
        moves.visible_class,
        moves.kind,
        moves.learnt,
        moves.persons
    from moves
    left join held_{{ round - 1 }} as held
        on
            moves.agreement_reference = held.agreement_reference
            and moves.is_new = held.is_new
            and moves.class_path = held.class_path
    where held.class_path is null

),

differences_{{ round }} as (

    select
        earlier_releases.agreement_reference,
        earlier_releases.release_id,
        earlier_releases.k_persons,
        now_{{ round }}.visible_class,
        now_{{ round }}.kind,
        now_{{ round }}.learnt,
        now_{{ round }}.persons
    from now_{{ round }}
    inner join earlier_releases
        on now_{{ round }}.agreement_reference = earlier_releases.agreement_reference
    union all
    select
        earlier_releases.agreement_reference,
        earlier_releases.release_id,
        earlier_releases.k_persons,
        released.visible_class,
        released.kind,
        released.learnt,
        -released.persons as persons
    from released
    inner join earlier_releases
        on
            released.agreement_reference = earlier_releases.agreement_reference
            and released.release_id = earlier_releases.release_id

),

net_{{ round }} as (

    select
        agreement_reference,
        release_id,
        k_persons,
        visible_class,
        kind,
        learnt,
        sum(persons) as persons
    from differences_{{ round }}
    group by 1, 2, 3, 4, 5, 6
    having sum(persons) <> 0

),

telling_{{ round }} as (

    select
        agreement_reference,
        visible_class,
        release_id,
        k_persons,
        kind,
        sign(persons) as side
    from net_{{ round }}
    group by 1, 2, 3, 4, 5, 6
    having
        count(*) = 1
        and sum(abs(persons)) < k_persons

),

held_{{ round }} as (

    select
        agreement_reference,
        is_new,
        class_path
    from held_{{ round - 1 }}
    union
    select
        moves.agreement_reference,
        moves.is_new,
        moves.class_path
    from moves
    inner join telling_{{ round }}
        on
            moves.agreement_reference = telling_{{ round }}.agreement_reference
            {% if round < rounds -%}
            and moves.visible_class = telling_{{ round }}.visible_class
            {%- endif %}

){{ ',' if not loop.last }}
{% endfor %}

select
    agreement_reference,
    is_new,
    class_path
from held_{{ rounds }}
