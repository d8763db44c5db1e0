{# CTEs: costs and whole numbers, each read once. #}
{% macro numbers_read() -%}
    numbers_stripped as (

        select
            field,
            raw,
            cleaned,
            reader,
            {{ replaced(
                replaced('lower(cleaned)', '[£ ]|gbp', ''),
                '(p[.]?/?w[.]?|perweek|/week|weekly)$',
                ''
            ) }} as stripped
        from texts
        where reader in ('money', 'integer')

    ),

    numbers_bare as (

        select
            *,
            case
                when
                    reader = 'money'
                    and {{ matched(
                        'stripped', '^[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]*)?$'
                    ) }}
                    then replace(stripped, ',', '')
                when reader = 'integer' and {{ matched('stripped', '^[-+]?[0-9]+([.]0*)?$') }}
                    then {{ extracted('stripped', '^([-+]?[0-9]+)', 1) }}
            end as bare
        from numbers_stripped

    ),

    number_values as (

        select
            field,
            raw,
            cleaned,
            case
                when reader = 'money'
                    then cast(try_cast(bare as decimal(18, 2)) as {{ dbt.type_string() }})
                else cast(try_cast(bare as bigint) as {{ dbt.type_string() }})
            end as canonical,
            case
                when try_cast(bare as decimal(18, 2)) is null then 'number_unreadable'
                when try_cast(bare as decimal(18, 2)) < 0 then 'number_negative'
            end as rule_id,
            case
                when try_cast(bare as decimal(18, 2)) is null then null
                when bare <> cleaned and reader = 'money' then 'number_repaired'
                when try_cast(bare as decimal(38, 10)) <> try_cast(bare as decimal(18, 2))
                    then 'number_rounded'
                when raw <> cleaned then 'blanks_around_value'
            end as repair_rule_id
        from numbers_bare

    )
{%- endmacro %}
