-- The parameters of disclosure control, one column each, so that every product reads the same ones.
with

policy as (

    select * from {{ ref('disclosure_policy') }}

),

pivoted as (

    select
        recipient_type,
        max(case when parameter = 'k_persons' then try_cast(value as integer) end) as k_persons,
        max(case when parameter = 'batch_persons' then try_cast(value as integer) end)
            as batch_persons,
        max(case when parameter = 'l_values' then try_cast(value as integer) end) as l_values,
        max(case when parameter = 'top_share' then try_cast(value as decimal(9, 4)) end)
            as top_share,
        max(case when parameter = 'small_number_threshold' then try_cast(value as integer) end)
            as small_number_threshold,
        max(case when parameter = 'rounding_base' then try_cast(value as integer) end)
            as rounding_base,
        max(case when parameter = 'interval_width' then try_cast(value as integer) end)
            as interval_width
    from policy
    where product = 'all'
    group by 1

)

select * from pivoted
