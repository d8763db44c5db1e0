-- What protection cost: persons left out, kept or waiting, loss of information, error of the
-- policy queries, change since the last release. Numbers of persons obey the policy of small
-- numbers; shares are made of such numbers only, so that manifest and release notes may show them.
with

persons as (

    select * from {{ ref('int_persons_entitled') }}

),

sensitive_values as (

    select * from {{ ref('int_sensitive_values_banded') }}

),

held_back as (

    select * from {{ ref('int_moves_held_back') }}

),

shown as (

    select * from {{ ref('linked_persons') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'linked_persons'

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

queries as (

    select * from {{ ref('utility_queries') }}

),

numbers as (

    select * from {{ ref('int_utility_persons_counted') }}

),

losses as (

    select * from {{ ref('int_utility_losses_measured') }}

),

{% set figures = [
    ('persons_entitled', 'Persons of whom the recipient may receive rows.'),
    ('persons_shown', 'Persons in the file, those kept included.'),
    ('persons_waiting', 'New persons who wait for a group large enough.'),
    ('persons_hidden', 'Persons shown before who are hidden with their group now.'),
    ('persons_kept', 'Persons who left the data and stay until a group large enough may go.'),
    ('persons_joined', 'Persons shown for the first time.'),
    ('persons_left', 'Persons shown last time and not now.'),
    ('persons_brought_up_to_date', 'Persons of whom the known side is shown anew.'),
] %}
of_persons as (
    {% for figure, note in figures %}
    select
        numbers.agreement_reference,
        '{{ figure }}' as figure,
        cast({{ protected_count('numbers.' ~ figure, 'limits') }} as string) as value,
        '{{ note }}' as note
    from numbers
    inner join limits
        on numbers.recipient_type = limits.recipient_type
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

---------- the most that can have been left out, given the numbers above

left_out as (

    select
        numbers.agreement_reference,
        'left_out_at_most_percent' as figure,
        cast(round(
            100.0
            * coalesce(
                {{ protected_count('numbers.persons_left_out', 'limits') }}
                + case when numbers.persons_left_out = 0 then 0 else limits.rounding_base / 2 end,
                limits.small_number_threshold - 1
            )
            / nullif({{ protected_count('numbers.persons_entitled', 'limits') }}, 0),
            1
        ) as string) as value,
        'Largest share of persons hidden or waiting that the numbers allow.' as note
    from numbers
    inner join limits
        on numbers.recipient_type = limits.recipient_type

),

of_losses as (
    {% for attribute in ['age_band', 'sex', 'ethnic_group', 'area_code', 'known_side'] %}
    select
        agreement_reference,
        'loss_of_{{ attribute }}' as figure,
        cast(cast(round({{ attribute }}, 2) as decimal(9, 2)) as string) as value,
        'Mean over persons: 0 as fine as it gets, 1 hidden.' as note
    from losses
    union all
    {% endfor %}
    select
        agreement_reference,
        'loss_of_information' as figure,
        cast(
            cast(
                round((age_band + sex + ethnic_group + area_code + known_side) / 5, 2) as decimal(
                    9, 2
                )
            ) as string
        ) as value,
        'Mean of the losses of age, sex, ethnic group, area and known side.' as note
    from losses

),

---------- error of the policy queries: a share, asked of the file and of all persons entitled

exact_shares as (

    select
        persons.agreement_reference,
        queries.query,
        avg(case
            when
                queries.value = case queries.attribute
                    when 'age_band_adult' then persons.age_band_adult
                    when 'sex' then persons.sex
                    when 'ethnic_group' then persons.ethnic_group
                    when 'care_setting' then persons.care_setting
                    when 'primary_support_reason' then persons.primary_support_reason
                    when 'emergency_admissions' then sensitive_values.emergency_admissions_band
                end
                then 1.0
            else 0
        end) as persons_share
    from persons
    inner join sensitive_values
        on
            persons.agreement_reference = sensitive_values.agreement_reference
            and persons.person_token = sensitive_values.person_token
    cross join queries
    where not persons.is_held
    group by 1, 2

),

{{ age_bands_of_each_width('age_bands') }},

adult_bands as (

    select distinct
        age_band,
        adult_band
    from bands

),

answers as (

    select
        shown.agreement_reference,
        queries.query,
        queries.value,
        case queries.attribute
            when 'age_band_adult' then coalesce(adult_bands.adult_band, shown.age_band)
            when 'sex' then shown.sex
            when 'ethnic_group' then shown.ethnic_group
            when 'care_setting' then shown.care_setting
            when 'primary_support_reason' then shown.primary_support_reason
            when 'emergency_admissions' then shown.emergency_admissions
        end as answer
    from shown
    cross join queries
    left join adult_bands
        on shown.age_band = adult_bands.age_band

),

estimated_shares as (

    select
        agreement_reference,
        query,
        avg(case when answer = value then 1.0 when answer <> '*' then 0 end) as persons_share
    from answers
    group by 1, 2

),

errors as (

    select
        exact_shares.agreement_reference,
        round(100 * avg(
            case
                when exact_shares.persons_share = 0 then null
                else least(
                    1,
                    abs(coalesce(estimated_shares.persons_share, 0) - exact_shares.persons_share)
                    / exact_shares.persons_share
                )
            end
        )) as mean_error,
        round(100.0 * (count(*) - count(estimated_shares.persons_share)) / count(*)) as unanswered
    from exact_shares
    left join estimated_shares
        on
            exact_shares.agreement_reference = estimated_shares.agreement_reference
            and exact_shares.query = estimated_shares.query
    group by 1

),

of_errors as (

    select
        agreement_reference,
        'query_error_percent' as figure,
        cast(cast(mean_error as integer) as string) as value,
        'Mean relative error of the policy queries (shares of persons), hidden values left out.'
            as note
    from errors
    union all
    select
        agreement_reference,
        'queries_unanswered_percent' as figure,
        cast(cast(unanswered as integer) as string) as value,
        'Policy queries whose column is hidden for everybody.' as note
    from errors

),

groups_held_back as (

    select
        agreements.agreement_reference,
        'groups_held_back' as figure,
        cast(count(held_back.class_path) as string) as value,
        'Groups that stay as they were, or wait, because two releases would differ by a few alike.'
            as note
    from agreements
    left join held_back
        on agreements.agreement_reference = held_back.agreement_reference
    group by 1

),

all_figures as (

    select * from of_persons
    union all
    select * from left_out
    union all
    select * from of_losses
    union all
    select * from of_errors
    union all
    select * from groups_held_back

)

select
    cast(agreement_reference as string) as agreement_reference,
    cast(figure as string) as figure,
    cast(coalesce(value, '*') as string) as value,
    cast(note as string) as note
from all_figures
