-- One row per agreement and intervention: difference in differences of emergency contacts a
-- person-month between those who started and their weighted comparison group, with its interval,
-- and how alike the two were before.
with

matched as (

    select
        *,
        use_after - use_before as use_change
    from {{ ref('int_panel_persons_matched') }}

),

policy as (

    select {{ policy_value('interval_width', 'double') }} as interval_width
    from {{ ref('panel_policy') }}

),

means as (

    select
        agreement_reference,
        intervention,
        group_name,
        count(*) as starts,
        count(distinct case when weight > 0 then person_token end) as persons,
        sum(weight) as weights,
        sum(weight * use_change) / nullif(sum(weight), 0) as mean_change,
        sum(weight * prior_contacts) / nullif(sum(weight), 0) as mean_prior,
        sum(weight * prior_contacts * prior_contacts) / nullif(sum(weight), 0)
            as mean_prior_squared,
        sum(weight * use_before) / nullif(sum(weight), 0) as mean_before
    from matched
    group by 1, 2, 3

),

-- A person may stand for several starts: what one person adds is taken together, for it moves
-- together.
by_person as (

    select
        matched.agreement_reference,
        matched.intervention,
        matched.group_name,
        matched.person_token,
        sum(matched.weight * (matched.use_change - means.mean_change)) as deviation
    from matched
    inner join means
        on
            matched.agreement_reference = means.agreement_reference
            and matched.intervention = means.intervention
            and matched.group_name = means.group_name
    group by 1, 2, 3, 4

),

variances as (

    select
        agreement_reference,
        intervention,
        group_name,
        sum(deviation * deviation) as squares
    from by_person
    group by 1, 2, 3

),

compared as (

    select
        started.agreement_reference,
        started.intervention,
        started.starts,
        started.persons as started_persons,
        comparison.persons as comparison_persons,
        started.weights as matched_starts,
        started.mean_change - comparison.mean_change as effect,
        sqrt(
            started_variance.squares / (started.weights * started.weights)
            + comparison_variance.squares / (comparison.weights * comparison.weights)
        ) as standard_error,
        (started.mean_prior - comparison.mean_prior) / nullif(
            sqrt(
                (
                    started.mean_prior_squared - started.mean_prior * started.mean_prior
                    + comparison.mean_prior_squared
                    - comparison.mean_prior * comparison.mean_prior
                ) / 2
            ),
            0
        ) as balance_of_prior_use
    from means as started
    inner join means as comparison
        on
            started.agreement_reference = comparison.agreement_reference
            and started.intervention = comparison.intervention
            and comparison.group_name = 'comparison'
    inner join variances as started_variance
        on
            started.agreement_reference = started_variance.agreement_reference
            and started.intervention = started_variance.intervention
            and started_variance.group_name = 'started'
    inner join variances as comparison_variance
        on
            started.agreement_reference = comparison_variance.agreement_reference
            and started.intervention = comparison_variance.intervention
            and comparison_variance.group_name = 'comparison'
    where
        started.group_name = 'started'
        and started.weights > 0

),

estimated as (

    select
        ---------- which
        compared.agreement_reference,
        compared.intervention,

        ---------- who was matched
        compared.starts,
        cast(compared.matched_starts as bigint) as matched_starts,
        compared.started_persons,
        compared.comparison_persons,
        compared.balance_of_prior_use,

        ---------- the effect and its interval, contacts a person-month
        compared.effect,
        compared.standard_error,
        compared.effect - policy.interval_width * compared.standard_error as effect_low,
        compared.effect + policy.interval_width * compared.standard_error as effect_high
    from compared
    cross join policy

)

select * from estimated
