{# A parameter of the policy, of a product: its own value, else the one for all products. Needs the
   relations `policy` and `products`, grouped by recipient type and product. #}
{% macro product_parameter(name, kind) -%}
    coalesce(
            max(case
                when policy.parameter = '{{ name }}' and policy.product = products.product
                    then try_cast(policy.value as {{ kind }})
            end),
            max(case
                when policy.parameter = '{{ name }}' and policy.product = 'all'
                    then try_cast(policy.value as {{ kind }})
            end)
        )
{%- endmacro %}
