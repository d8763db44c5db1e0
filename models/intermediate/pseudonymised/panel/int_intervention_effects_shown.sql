-- One row per agreement and intervention: the effect and its interval as a release may show them.
-- An effect is an average over two groups: shown where both are twice as large as a count must be.
with

limits as (

    select * from {{ ref('int_product_limits_pivoted') }}
    where product = 'intervention_panel'

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

judged as (

    select
        effects.*,
        effects.started_persons >= 2 * limits.small_number_threshold
        and effects.comparison_persons >= 2 * limits.small_number_threshold as is_shown
    from {{ ref('int_intervention_effects_estimated') }} as effects
    inner join agreements
        on effects.agreement_reference = agreements.agreement_reference
    inner join limits
        on agreements.recipient_type = limits.recipient_type

),

shown as (

    select
        ---------- which
        agreement_reference,
        intervention,

        ---------- the effect and its interval, contacts a person-month
        {%- for estimate in ['effect', 'effect_low', 'effect_high'] %}
        case when is_shown then round({{ estimate }}, 2) end as {{ estimate }},
        {%- endfor %}

        ---------- how good the comparison is
        case when is_shown then round(coalesce(balance_of_prior_use, 0), 2) end
            as balance_of_prior_use,
        case when is_shown then cast(round(20.0 * matched_starts / starts) * 5 as bigint) end
            as matched_percent,
        case when is_shown then 'rounded' else 'hidden' end as effect_status
    from judged

)

select * from shown
