-- One row per council, figure and category: what the council's own accepted and unique events come
-- to, by the definitions of the seed.
with

care_events as (

    select * from {{ ref('int_care_events_pseudonymised') }}

),

persons as (

    select * from {{ ref('int_persons_pseudonymised') }}

),

codes as (

    select
        release_2_value,
        min(position) as category_position
    from {{ ref('specification_codes') }}
    where
        specification_version = 'release_2'
        and code_list in ('event_type', 'primary_support_reason', 'event_outcome')
    group by 1

),

care_settings as (

    select * from {{ ref('care_settings') }}

),

bands as (

    select * from {{ ref('waiting_bands') }}

),

{{ periods_of_councils('periods') }},

short_term as (

    select * from {{ ref('int_short_term_episodes_followed') }}

),

requests as (

    select * from {{ ref('int_requests_waited') }}

),

clients as (

    select
        persons.la_code,
        persons.age_band_cohort,
        persons.primary_support_reason
    from persons

),

---------- long-term support: a person counts once, in the first setting of the hierarchy

long_term as (

    select
        care_events.la_code,
        care_events.person_token,
        min(care_settings.setting_rank) as setting_rank
    from care_events
    inner join care_settings
        on care_events.service_type = care_settings.service_type
    where
        care_events.event_type = 'Service'
        and care_settings.cohort like 'long_term%'
    group by 1, 2

),

community_at_end as (

    select
        care_events.la_code,
        care_events.person_token,
        max(case when care_events.delivery_mechanism = 'Direct payment' then 1 else 0 end)
            as has_direct_payment
    from care_events
    inner join periods
        on care_events.la_code = periods.la_code
    inner join care_settings
        on care_events.service_type = care_settings.service_type
    where
        care_events.event_type = 'Service'
        and care_events.client_type = 'Service user'
        and care_settings.cohort = 'long_term_community'
        and care_events.event_start_date <= periods.last_day
        and (
            care_events.event_end_date is null
            or care_events.event_end_date > periods.last_day
        )
    group by 1, 2

),

---------- every figure in one shape

counted as (

    select
        la_code,
        'events' as figure,
        event_type as category,
        count(*) as numerator
    from care_events
    group by 1, 2, 3
    union all
    select
        la_code,
        'clients_by_age' as figure,
        age_band_cohort as category,
        count(*) as numerator
    from clients
    group by 1, 2, 3
    union all
    select
        la_code,
        'clients_by_reason' as figure,
        primary_support_reason as category,
        count(*) as numerator
    from clients
    group by 1, 2, 3
    union all
    select
        long_term.la_code,
        'long_term_setting' as figure,
        care_settings.service_type as category,
        count(*) as numerator
    from long_term
    inner join care_settings
        on long_term.setting_rank = care_settings.setting_rank
    group by 1, 2, 3
    union all
    select
        la_code,
        'short_term_outcome' as figure,
        coalesce(event_outcome, 'None recorded') as category,
        count(*) as numerator
    from short_term
    group by 1, 2, 3
    union all
    select
        la_code,
        'request_wait' as figure,
        band as category,
        count(*) as numerator
    from requests
    group by 1, 2, 3

),

with_totals as (

    select
        *,
        sum(numerator) over (partition by la_code, figure) as denominator
    from counted

),

shares as (

    select
        la_code,
        'direct_payments' as figure,
        'Receives a direct payment' as category,
        sum(has_direct_payment) as numerator,
        count(*) as denominator
    from community_at_end
    group by 1
    union all
    select
        la_code,
        'short_term_sequel' as figure,
        'Not followed by long-term support' as category,
        sum(case when is_followed_by_long_term then 0 else 1 end) as numerator,
        count(*) as denominator
    from short_term
    where is_counted
    group by 1

),

all_figures as (

    select
        la_code,
        figure,
        category,
        numerator,
        denominator
    from with_totals
    union all
    select
        la_code,
        figure,
        category,
        numerator,
        denominator
    from shares

),

medians as (

    select
        la_code,
        'request_wait_median' as figure,
        'Median' as category,
        count(days_waited) as numerator,
        count(*) as denominator,
        median(days_waited) as median_days
    from requests
    group by 1

),

council_figures as (

    select
        ---------- whose
        all_figures.la_code,

        ---------- what
        all_figures.figure,
        all_figures.category,
        coalesce(
            codes.category_position, bands.position, care_settings.setting_rank, 0
        ) as category_position,

        ---------- how many
        all_figures.numerator,
        all_figures.denominator,
        cast(all_figures.numerator as double) / all_figures.denominator as value
    from all_figures
    left join codes
        on all_figures.category = codes.release_2_value
    left join bands
        on all_figures.category = bands.band
    left join care_settings
        on all_figures.category = care_settings.service_type
    union all
    select
        la_code,
        figure,
        category,
        0 as category_position,
        numerator,
        denominator,
        median_days as value
    from medians

)

select
    la_code,
    figure,
    category,
    cast(category_position as integer) as category_position,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator,
    cast(value as double) as value
from council_figures
