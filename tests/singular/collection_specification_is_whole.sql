-- Guards the seeds against each other: a list that a field names has values in every version, the
-- last condition of a field always holds, and a value that a condition names is a canonical one.
with

fields as (

    select * from {{ ref('specification_fields') }}

),

codes as (

    select * from {{ ref('specification_codes') }}

),

conditions as (

    select * from {{ ref('specification_conditions') }}

),

versions as (

    select * from {{ ref('specification_versions') }}
    where is_detected

),

lists_without_values as (

    select
        fields.field,
        'has no list in a version' as fault
    from fields
    cross join versions
    left join codes
        on
            fields.code_list = codes.code_list
            and versions.specification_version = codes.specification_version
    where
        fields.code_list is not null
        and codes.code_list is null

),

fields_without_end as (

    select
        fields.field,
        'has no condition that always holds, or one before the last' as fault
    from fields
    left join (
        select
            field,
            max(position) as last_position,
            max(
                case
                    when
                        coalesce(
                            {%- for column in context_columns() %}
                            {{ column }}{{ ',' if not loop.last }}
                            {%- endfor %}
                        ) is null
                        then position
                end
            ) as open_position
        from conditions
        group by field
    ) as ends
        on fields.field = ends.field
    where
        ends.open_position is null
        or ends.open_position <> ends.last_position

),

{%- for column in context_columns() if column not in ('age_group', 'date_of_death') %}

{{ column }}_named as (

    select
        conditions.field,
        'names a {{ column }} that is on no list' as fault
    from conditions
    where
        conditions.{{ column }} is not null
        and length(conditions.{{ column }}) + 1 <> (
            select coalesce(sum(length(listed.release_2_value) + 1), 0)
            from (
                select distinct codes.release_2_value
                from codes
                where codes.code_list = '{{ column }}'
                union all
                select '<none>' as release_2_value
            ) as listed
            where contains(
                '|' || conditions.{{ column }} || '|', '|' || listed.release_2_value || '|'
            )
        )

),
{%- endfor %}

faults as (

    select * from lists_without_values
    union all
    select * from fields_without_end
    {%- for column in context_columns() if column not in ('age_group', 'date_of_death') %}
    union all
    select * from {{ column }}_named
    {%- endfor %}

)

select * from faults
