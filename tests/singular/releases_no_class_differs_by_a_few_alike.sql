-- Coverage contract: against every earlier release of the agreement, what is about to be shown
-- differs in no class by fewer than k persons who are all alike. Counts only.
with

persons_shown as (

    select
        placed.*,
        {{ visible_class('placed') }} as visible_class
    from {{ ref('int_persons_placed') }} as placed
    where placed.is_shown

),

released as (

    select * from {{ ref('int_classes_released') }}

),

limits as (

    select
        agreements.agreement_reference,
        limits.k_persons
    from {{ ref('int_agreements_current') }} as agreements
    inner join {{ ref('int_product_limits_pivoted') }} as limits
        on
            agreements.recipient_type = limits.recipient_type
            and limits.product = 'linked_persons'

),

now_shown as (

    {{ learnt_values('persons_shown', ['agreement_reference', 'visible_class'], 'true') }}

),

differences as (

    select
        releases.agreement_reference,
        releases.release_id,
        now_shown.visible_class,
        now_shown.kind,
        now_shown.learnt,
        now_shown.persons
    from now_shown
    inner join (select distinct
        agreement_reference,
        release_id
    from released) as releases
        on now_shown.agreement_reference = releases.agreement_reference
    union all
    select
        agreement_reference,
        release_id,
        visible_class,
        kind,
        learnt,
        -persons as persons
    from released

),

net as (

    select
        agreement_reference,
        release_id,
        visible_class,
        kind,
        learnt,
        sum(persons) as persons
    from differences
    group by 1, 2, 3, 4, 5
    having sum(persons) <> 0

),

sides as (

    select
        net.agreement_reference,
        net.release_id,
        net.visible_class,
        net.kind,
        sign(net.persons) as side,
        limits.k_persons,
        count(*) as learnt_values,
        sum(abs(net.persons)) as persons
    from net
    inner join limits
        on net.agreement_reference = limits.agreement_reference
    group by 1, 2, 3, 4, 5, 6

)

select
    agreement_reference,
    release_id,
    kind,
    persons
from sides
where
    learnt_values = 1
    and persons < k_persons
