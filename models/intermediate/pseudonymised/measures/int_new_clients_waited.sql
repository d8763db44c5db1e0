-- One row per request of a new client and part of the wait: the days until the first response, an
-- assessment or a service, and until the first service. A request made while an earlier one is
-- being followed up is no second wait.
with

care_events as (

    select * from {{ ref('int_care_events_pseudonymised') }}
    where event_start_date is not null

),

services as (

    select * from {{ ref('waiting_services') }}

),

outcomes as (

    select * from {{ ref('waiting_outcomes') }}

),

-- What may begin, answer or end a wait, of persons old enough.
eligible as (

    select
        care_events.la_code,
        care_events.person_token,
        care_events.event_type,
        care_events.event_start_date,
        care_events.waiting_band_at_start as category,
        case care_events.event_type when 'Request' then 1 when 'Assessment' then 2 else 3 end
            as turn_of_the_day,
        case when outcomes.event_outcome is not null then 1 else 0 end as leads_on
    from care_events
    left join services
        on care_events.service_type = services.service_type
    left join outcomes
        on
            care_events.event_type = outcomes.event_type
            and care_events.event_outcome = outcomes.event_outcome
    where
        care_events.waiting_band_at_start is not null
        and (
            (
                care_events.event_type = 'Request'
                and care_events.client_type = 'Service user'
                and outcomes.event_outcome is not null
            )
            or (
                care_events.event_type = 'Assessment'
                and coalesce(care_events.assessment_type, '') <> 'Financial assessment'
            )
            or (care_events.event_type = 'Service' and services.service_type is not null)
        )

),

-- Whoever is in long-term support, or left support of any kind lately, is no new client.
made_by_clients as (

    select distinct
        eligible.la_code,
        eligible.person_token,
        eligible.event_type,
        eligible.event_start_date,
        eligible.category
    from eligible
    inner join care_events
        on
            eligible.la_code = care_events.la_code
            and eligible.person_token = care_events.person_token
            and eligible.event_start_date > care_events.event_start_date
    inner join services
        on care_events.service_type = services.service_type
    where
        eligible.event_type = 'Request'
        and care_events.event_type = 'Service'
        and services.existing_client_months is not null
        and (
            care_events.event_end_date is null
            or {{ months_added('care_events.event_end_date', 'services.existing_client_months') }}
            >= eligible.event_start_date
        )

),

ordered as (

    select
        eligible.*,
        row_number() over (
            partition by eligible.la_code, eligible.person_token
            order by
                eligible.event_start_date asc,
                eligible.turn_of_the_day asc,
                eligible.leads_on desc,
                eligible.category asc nulls last
        ) as place
    from eligible
    left join made_by_clients
        on
            eligible.la_code = made_by_clients.la_code
            and eligible.person_token = made_by_clients.person_token
            and eligible.event_type = made_by_clients.event_type
            and eligible.event_start_date = made_by_clients.event_start_date
    where made_by_clients.person_token is null

),

-- Assessments with nothing between them are judged together: one of them leads on to a service
-- or none does.
numbered as (

    select
        *,
        sum(case when event_type = 'Assessment' then 0 else 1 end) over (
            partition by la_code, person_token
            order by place asc
            rows between unbounded preceding and current row
        ) as stretch,
        min(case when event_type = 'Assessment' then place end) over (
            partition by la_code, person_token
            order by place asc
            rows between 1 following and unbounded following
        ) as next_assessment,
        min(case when event_type = 'Service' then place end) over (
            partition by la_code, person_token
            order by place asc
            rows between 1 following and unbounded following
        ) as next_service
    from ordered

),

stretches as (

    select
        la_code,
        person_token,
        stretch,
        max(leads_on) as leads_on
    from numbered
    where event_type = 'Assessment'
    group by 1, 2, 3

),

answered as (

    select
        numbered.la_code,
        numbered.person_token,
        numbered.event_start_date,
        numbered.category,
        numbered.place,
        least(
            coalesce(numbered.next_assessment, numbered.next_service),
            coalesce(numbered.next_service, numbered.next_assessment)
        ) as response,
        case
            when
                numbered.next_assessment < coalesce(
                    numbered.next_service, numbered.next_assessment + 1
                )
                and stretches.leads_on = 0
                then null
            else numbered.next_service
        end as service
    from numbered
    left join numbered as assessments
        on
            numbered.la_code = assessments.la_code
            and numbered.person_token = assessments.person_token
            and numbered.next_assessment = assessments.place
    left join stretches
        on
            assessments.la_code = stretches.la_code
            and assessments.person_token = stretches.person_token
            and assessments.stretch = stretches.stretch
    where numbered.event_type = 'Request'

),

followed_before as (

    select
        *,
        lag(greatest(coalesce(response, 0), coalesce(service, 0))) over (
            partition by la_code, person_token
            order by place asc
        ) as last_followed,
        max(response) over (
            partition by la_code, person_token
            order by place asc
            rows between unbounded preceding and 1 preceding
        ) as responses_before,
        max(service) over (
            partition by la_code, person_token
            order by place asc
            rows between unbounded preceding and 1 preceding
        ) as services_before
    from answered

),

waits as (

    select
        *,
        case
            when coalesce(last_followed, 0) > place then false
            when coalesce(response <= responses_before, false) then false
            when coalesce(service <= services_before, false) then false
            else true
        end as is_a_wait
    from followed_before

),

parts as (

    {%- for part in ['response', 'service'] %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        'new_client_to_first_{{ part }}_days' as measure,
        waits.la_code,
        waits.person_token,
        waits.event_start_date as request_start_date,
        waits.category as category_at_request,
        ended.category as category_at_end,
        ended.event_start_date as ended_on
    from waits
    left join ordered as ended
        on
            waits.la_code = ended.la_code
            and waits.person_token = ended.person_token
            and waits.{{ part }} = ended.place
    where waits.is_a_wait
    {%- endfor %}

),

listed as (

    select
        measure,
        coalesce(category_at_end, category_at_request) as category,
        la_code,
        person_token,
        request_start_date,
        coalesce(ended_on, request_start_date) as case_date,
        {{ days_between('request_start_date', 'ended_on') }} as days_waited,
        case when ended_on is null then 'outcome' end as exclusion
    from parts
    {%- for part in ['response', 'service'] %}
    union all
    select
        'new_client_to_first_{{ part }}_days' as measure,
        category,
        la_code,
        person_token,
        event_start_date as request_start_date,
        event_start_date as case_date,
        cast(null as integer) as days_waited,
        'earlier_care' as exclusion
    from made_by_clients
    {%- endfor %}

)

select * from listed
