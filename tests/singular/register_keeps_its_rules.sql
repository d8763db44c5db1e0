-- Rules of the register that span its tables: each row returned is one that breaks a rule.
with

agreements as (

    select * from {{ ref('agreements') }}

),

organisations as (

    select * from {{ ref('organisations') }}

),

faults as (

    select
        'approved versions of an agreement overlap' as broken_rule,
        agreements.agreement_reference as subject
    from agreements
    inner join agreements as later
        on
            agreements.agreement_reference = later.agreement_reference
            and agreements.version < later.version
            and agreements.start_date <= later.end_date
            and agreements.end_date >= later.start_date
    where
        agreements.decision = 'approved'
        and later.decision = 'approved'

    union all

    -- One holder of two files on the same persons could join them by what they show.
    select
        'two agreements of one controller overlap' as broken_rule,
        agreements.agreement_reference as subject
    from agreements
    inner join {{ ref('int_organisations_succeeded') }} as controllers
        on agreements.controller_code = controllers.organisation_code
    inner join {{ ref('int_organisations_succeeded') }} as other_controllers
        on controllers.current_code = other_controllers.current_code
    inner join agreements as further
        on
            other_controllers.organisation_code = further.controller_code
            and agreements.agreement_reference < further.agreement_reference
            and agreements.start_date <= further.end_date
            and agreements.end_date >= further.start_date
    where
        agreements.decision = 'approved'
        and further.decision = 'approved'

    union all

    select
        'an agreement asks for pseudonyms that do not stay' as broken_rule,
        agreement_reference as subject
    from agreements
    where coalesce(token_rotation, '') <> 'stable'

    union all

    select
        'an approved agreement names no purpose' as broken_rule,
        agreements.agreement_reference as subject
    from agreements
    left join {{ ref('agreement_purposes') }} as purposes
        on {{ is_of_version('purposes', 'agreements') }}
    where
        agreements.decision = 'approved'
        and purposes.agreement_reference is null

    union all

    select
        'the controller is neither a council nor a CCG' as broken_rule,
        agreements.agreement_reference as subject
    from agreements
    inner join organisations
        on agreements.controller_code = organisations.organisation_code
    where organisations.organisation_type not in ('council', 'ccg')

    union all

    select
        'the geography rule does not fit the controller' as broken_rule,
        agreements.agreement_reference as subject
    from agreements
    inner join organisations
        on agreements.controller_code = organisations.organisation_code
    where (organisations.organisation_type = 'council') <> (agreements.geography_rule = 'submitted')

    union all

    select
        'a council that receives has no code to send by' as broken_rule,
        agreements.agreement_reference as subject
    from agreements
    inner join organisations
        on agreements.controller_code = organisations.organisation_code
    where
        organisations.organisation_type = 'council'
        and organisations.la_code is null

    union all

    select
        'a successor is not in the register, or of another kind' as broken_rule,
        organisations.organisation_code as subject
    from organisations
    left join organisations as successors
        on organisations.successor_code = successors.organisation_code
    where
        organisations.successor_code is not null
        and (
            successors.organisation_code is null
            or successors.organisation_type <> organisations.organisation_type
            or organisations.valid_to is null
            or organisations.valid_to < coalesce(organisations.valid_from, organisations.valid_to)
        )

    union all

    select
        'a chain of successors is longer than is followed, or goes round' as broken_rule,
        succeeded.organisation_code as subject
    from {{ ref('int_organisations_succeeded') }} as succeeded
    inner join organisations
        on succeeded.current_code = organisations.organisation_code
    where
        organisations.successor_code is not null
        and organisations.valid_to < current_date

    union all

    select
        'a successor does not take over on the day after' as broken_rule,
        organisations.organisation_code as subject
    from organisations
    inner join organisations as successors
        on organisations.successor_code = successors.organisation_code
    where
        successors.valid_from > {{ days_added('organisations.valid_to', 1) }}
        or successors.valid_to <= organisations.valid_to

    union all

    select
        'a CSU works for no controller' as broken_rule,
        organisations.organisation_code as subject
    from organisations
    left join {{ ref('agreement_processors') }} as processors
        on organisations.organisation_code = processors.processor_code
    where
        organisations.organisation_type = 'csu'
        and processors.processor_code is null

    union all

    select
        'opt-outs are treated otherwise than the policy says' as broken_rule,
        agreements.agreement_reference as subject
    from agreements
    left join {{ ref('flow_policies') }} as policies
        on
            policies.policy = 'national_data_opt_out'
            and coalesce(agreements.is_anonymised, true) = policies.is_anonymised
    where
        agreements.decision = 'approved'
        and coalesce(agreements.opt_outs_applied <> policies.is_applied, true)

    union all

    select
        'something is listed by a version that is not there' as broken_rule,
        listed.agreement_reference as subject
    from (
        select
            agreement_reference,
            version
        from {{ ref('agreement_products') }}
        union all
        select
            agreement_reference,
            version
        from {{ ref('agreement_purposes') }}
        union all
        select
            agreement_reference,
            version
        from {{ ref('agreement_processors') }}
    ) as listed
    left join agreements
        on
            listed.agreement_reference = agreements.agreement_reference
            and listed.version = agreements.version
    where
        listed.version is not null
        and agreements.agreement_reference is null

    union all

    select
        'two CCGs share an ONS code' as broken_rule,
        ons_code as subject
    from organisations
    where
        organisation_type = 'ccg'
        and ons_code is not null
    group by ons_code
    having count(*) > 1

    union all

    select
        'a preference is about nobody in the register' as broken_rule,
        preferences.recipient_code as subject
    from {{ ref('council_preferences') }} as preferences
    left join organisations
        on preferences.recipient_code = organisations.organisation_code
    where
        coalesce(preferences.recipient_code, 'all') <> 'all'
        and organisations.organisation_code is null

    union all

    select
        'an analyst works neither for the controller nor for a processor' as broken_rule,
        analysts.login_name as subject
    from {{ ref('analysts') }} as analysts
    left join agreements
        on
            analysts.agreement_reference = agreements.agreement_reference
            and analysts.organisation_code = agreements.controller_code
    left join {{ ref('agreement_processors') }} as processors
        on
            analysts.agreement_reference = processors.agreement_reference
            and analysts.organisation_code = processors.processor_code
    where
        agreements.agreement_reference is null
        and processors.agreement_reference is null

)

select * from faults
