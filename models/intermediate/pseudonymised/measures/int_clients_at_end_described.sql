-- One row per measure and client of a state that is judged once: personal budgets on the last
-- day covered, accommodation of those in long-term support during the months covered.
with

services as (

    select * from {{ ref('int_services_dated') }}
    where client_type = 'Service user'

),

events as (

    select * from {{ ref('int_care_events_pseudonymised') }}

),

persons as (

    select * from {{ ref('int_persons_pseudonymised') }}

),

mechanisms as (

    select * from {{ ref('delivery_mechanisms') }}

),

reasons as (

    select * from {{ ref('accommodation_measures') }}

),

{{ periods_of_councils('periods') }},

community as (

    select
        services.la_code,
        services.person_token,
        periods.last_day,
        max(case when mechanisms.is_direct_payment then 1 else 0 end) as has_direct_payment,
        max(case when mechanisms.is_personal_budget then 1 else 0 end) as has_personal_budget
    from services
    inner join periods
        on
            services.la_code = periods.la_code
            and services.start_date <= periods.last_day
            and (services.end_date is null or services.end_date > periods.last_day)
    left join mechanisms
        on services.delivery_mechanism = mechanisms.delivery_mechanism
    where services.support = 'long_term_community'
    group by 1, 2, 3

),

long_term as (

    select distinct
        services.la_code,
        services.person_token,
        periods.last_day
    from services
    inner join periods
        on
            services.la_code = periods.la_code
            and services.start_date <= periods.last_day
            and coalesce(services.end_date, periods.last_day) >= periods.first_day
    where services.is_long_term

),

accommodation as (

    select
        la_code,
        person_token,
        max_by(
            accommodation_group,
            concat_ws('|', cast(event_start_date as {{ dbt.type_string() }}), accommodation_group)
        ) as accommodation_group
    from events
    where event_start_date is not null
    group by 1, 2

),

described as (

    select
        'direct_payments' as measure,
        la_code,
        person_token,
        last_day,
        has_direct_payment = 1 as is_reached
    from community
    union all
    select
        'self_directed_support' as measure,
        la_code,
        person_token,
        last_day,
        has_personal_budget = 1 as is_reached
    from community
    union all
    select
        reasons.measure,
        long_term.la_code,
        long_term.person_token,
        long_term.last_day,
        accommodation.accommodation_group = 'Settled' as is_reached
    from long_term
    inner join persons
        on
            long_term.la_code = persons.la_code
            and long_term.person_token = persons.person_token
    inner join reasons
        on
            persons.primary_support_reason = reasons.primary_support_reason
            and persons.age_band_adult = reasons.age_band
    inner join accommodation
        on
            long_term.la_code = accommodation.la_code
            and long_term.person_token = accommodation.person_token

)

select * from described
