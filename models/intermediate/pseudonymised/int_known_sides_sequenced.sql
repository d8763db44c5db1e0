-- One row per agreement and person: what the recipient already knows of the person, as one text at
-- each level of detail. A council knows its clients' care, a CCG its patients' hospital activity;
-- whoever holds that side could pick the person out by it and read the other side. Level 0: each
-- row with its quarters. Level 1: with its years. Level 2: the kinds of rows only. Level 3: no
-- rows; a council's setting, or how often a CCG's patient was in hospital as an emergency.
with

persons as (

    select * from {{ ref('int_persons_entitled') }}

),

care_events as (

    select * from {{ ref('int_care_events_entitled') }}
    where product = 'linked_care_events'

),

health_activities as (

    select * from {{ ref('int_health_activity_entitled') }}

),

known_rows as (

    select
        agreement_reference,
        person_token,
        event_type || '|' || coalesce(service_type, '') as kind,
        coalesce({{ quarter_of('event_start_date') }}, '') || '|'
        || coalesce({{ quarter_of('event_end_date') }}, '') as quarters,
        coalesce({{ year_of('event_start_date') }}, '') || '|'
        || coalesce({{ year_of('event_end_date') }}, '') as years
    from care_events
    where knows = 'care' and event_type is not null

    union all

    select
        agreement_reference,
        person_token,
        activity_type as kind,
        {{ quarter_of('activity_date') }} as quarters,
        {{ year_of('activity_date') }} as years
    from health_activities
    where knows = 'health'

),

sequenced as (

    select
        agreement_reference,
        person_token,
        {{ sorted_text("kind || '|' || quarters") }} as known_0,
        {{ sorted_text("kind || '|' || years") }} as known_1,
        {{ sorted_text('kind', distinct=true) }} as known_2
    from known_rows
    group by 1, 2

),

-- To a council the setting and the reason for support are known as well.
with_attributes as (

    select
        persons.agreement_reference,
        persons.person_token,
        coalesce(sequenced.known_0, '')
        || case
            when persons.knows = 'care'
                then '#' || persons.care_setting || '#' || persons.primary_support_reason
            else ''
        end as known_0,
        coalesce(sequenced.known_1, '')
        || case
            when persons.knows = 'care'
                then '#' || persons.care_setting || '#' || persons.primary_support_reason
            else ''
        end as known_1,
        coalesce(sequenced.known_2, '')
        || case when persons.knows = 'care' then '#' || persons.care_setting else '' end
            as known_2,
        case
            when persons.knows = 'care' then '#' || persons.care_setting
            else
                '#' || {{ times_banded("coalesce(sequenced.known_1, '')", 'emergency_admission') }}
                || '#'
                || {{ times_banded("coalesce(sequenced.known_1, '')", 'emergency_attendance') }}
        end as known_3
    from persons
    left join sequenced
        on
            persons.agreement_reference = sequenced.agreement_reference
            and persons.person_token = sequenced.person_token

)

select * from with_attributes
