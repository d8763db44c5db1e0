-- The parameters of disclosure control of each product, one column each: the product's own where
-- the policy has a row for it, else those of the recipient type.
with

policy as (

    select * from {{ ref('disclosure_policy') }}

),

products as (

    select distinct product
    from {{ ref('agreement_products') }}

),

pivoted as (

    select
        policy.recipient_type,
        products.product,
        {{ product_parameter('k_persons', 'integer') }} as k_persons,
        {{ product_parameter('batch_persons', 'integer') }} as batch_persons,
        {{ product_parameter('l_values', 'integer') }} as l_values,
        {{ product_parameter('top_share', 'decimal(9, 4)') }} as top_share,
        {{ product_parameter('small_number_threshold', 'integer') }} as small_number_threshold,
        {{ product_parameter('rounding_base', 'integer') }} as rounding_base,
        {{ product_parameter('interval_width', 'integer') }} as interval_width,
        {{ product_parameter('dominance_share', 'decimal(9, 4)') }} as dominance_share,
        {{ product_parameter('sum_rounding_base', 'integer') }} as sum_rounding_base,
        {{ product_parameter('share_margin_persons', 'integer') }} as share_margin_persons,
        {{ product_parameter('days_rounding_base', 'integer') }} as days_rounding_base
    from policy
    cross join products
    group by 1, 2

)

select * from pivoted
