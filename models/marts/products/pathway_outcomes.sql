{% set reasons = ['not_covered', 'not_traced', 'earlier_care', 'outcome', 'activity'] %}
{% set quartiles = ['lower_quartile', 'median', 'upper_quartile'] %}
{% set keys = ['period', 'area_code', 'measure', 'definition_year', 'category', 'definition_id'] %}
{% set measures = ['numerator', 'denominator'] %}
{% for reason in reasons %}{% do measures.append('excluded_' ~ reason) %}{% endfor %}
with

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'pathway_outcomes'

),

measures as (

    select
        measure,
        scale,
        has_days
    from {{ ref('pathway_measures') }}

),

-- A numerator is hidden as well where few persons make it up, one person makes up most of it, few
-- are left that a share does not count (with the denominator they would be known), or where it
-- tells of everybody counted. In a rate all count, so that only nought tells of everybody.
counted as (

    select
        counted.*,
        counted.denominator > 0
        and counted.denominator_persons < limits.small_number_threshold as has_few_persons,
        (
            counted.numerator > 0
            and (
                counted.numerator_persons < limits.small_number_threshold
                or counted.denominator_persons < limits.small_number_threshold
                or counted.numerator_largest > limits.dominance_share * counted.numerator
            )
        )
        or (
            counted.is_share
            and counted.difference_persons > 0
            and counted.difference_persons < limits.small_number_threshold
        )
        or {{ share_tells_of_all(
            'counted.numerator_persons',
            'case when counted.is_share then counted.difference_persons'
            ~ ' else counted.denominator_persons end',
            'limits'
        ) }} as has_few_outcomes
    from {{ ref('int_pathway_outcomes_counted') }} as counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

judged as (

    select
        counted.agreement_reference,
        counted.period,
        counted.area_code,
        counted.measure,
        counted.definition_year,
        counted.category,
        counted.definition_id,
        {%- for reason in reasons %}
        {{ protected_count('counted.excluded_' ~ reason, 'limits') }} as excluded_{{ reason }},
        {{ protected_status('counted.excluded_' ~ reason, 'limits') }}
            as excluded_{{ reason }}_status,
        {%- endfor %}
        case
            when not counted.has_few_outcomes
                then {{ protected_count('counted.numerator', 'limits') }}
        end as numerator,
        case
            when counted.has_few_outcomes then 'hidden'
            else {{ protected_status('counted.numerator', 'limits') }}
        end as numerator_status,
        case
            when not counted.has_few_persons
                then {{ protected_count('counted.denominator', 'limits') }}
        end as denominator,
        case
            when counted.has_few_persons then 'hidden'
            else {{ protected_status('counted.denominator', 'limits') }}
        end as denominator_status
    from counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

{{ cells_as_published('pathway_outcomes', keys, measures, share=['numerator', 'denominator']) }},

-- A quartile stands between persons: it is shown where enough lie on either side of it.
quartiled as (

    select
        {%- for quartile in quartiles %}
        case
            when counted.{{ quartile }}_persons >= limits.small_number_threshold
                then cast(
                    round(counted.{{ quartile }}_days / limits.days_rounding_base)
                    * limits.days_rounding_base as bigint
                )
        end as {{ quartile }}_days,
        {%- endfor %}
        counted.agreement_reference,
        counted.period,
        counted.measure,
        counted.category
    from counted
    inner join limits
        on counted.recipient_type = limits.recipient_type

),

-- The value is made of what is shown, so that it says no more than it does.
valued as (

    select
        shown.*,
        measures.has_days,
        {%- for quartile in quartiles %}
        case
            when
                measures.has_days
                and shown.numerator is not null
                and shown.denominator is not null
                then quartiled.{{ quartile }}_days
        end as {{ quartile }}_days,
        {%- endfor %}
        cast(
            case
                when shown.numerator is not null and shown.denominator > 0
                    then round(1.0 * measures.scale * shown.numerator / shown.denominator, 1)
            end as double
        ) as value
    from shown
    inner join measures
        on shown.measure = measures.measure
    left join quartiled
        on
            shown.agreement_reference = quartiled.agreement_reference
            and shown.period = quartiled.period
            and shown.measure = quartiled.measure
            and shown.category = quartiled.category

)

select
    agreement_reference,
    period,
    area_code,
    measure,
    definition_year,
    numerator,
    denominator,
    value,
    category,
    definition_id,
    {%- for reason in reasons %}
    excluded_{{ reason }},
    excluded_{{ reason }}_status,
    {%- endfor %}
    numerator_status,
    denominator_status,
    {%- for quartile in quartiles %}
    {{ quartile }}_days,
    case
        when not has_days then 'not_applicable'
        when {{ quartile }}_days is null then 'hidden'
        else 'rounded'
    end as {{ quartile }}_days_status,
    {%- endfor %}
    case
        when value is not null then 'rounded'
        when denominator = 0 then 'zero'
        else 'hidden'
    end as value_status
from valued
