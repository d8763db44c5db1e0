{# CTEs: values of a code list, read once per value and version of the specification. #}
{% macro listed_values_read() -%}
    listed_wanted as (

        select distinct
            texts.field,
            texts.raw,
            texts.cleaned,
            texts.code_list,
            submissions.specification_version,
            {{ list_key('texts.cleaned') }} as exact_key
        from texts
        inner join values_found
            on
                texts.field = values_found.field
                and texts.raw = values_found.raw
        inner join submissions
            on values_found.submission_id = submissions.submission_id
        where texts.reader = 'list'

    ),

    listed_candidates as (

        select
            listed_wanted.*,
            codes.listed_value,
            codes.release_2_value,
            codes.specification_version as listed_version,
            codes.position,
            case
                when
                    codes.specification_version = listed_wanted.specification_version
                    and codes.exact_key = listed_wanted.exact_key
                    then 1
                when
                    listed_wanted.specification_version = 'release_2'
                    and codes.specification_version = 'release_1'
                    and codes.exact_key = listed_wanted.exact_key
                    then 2
                when codes.specification_version = listed_wanted.specification_version then 3
                when codes.exact_key = listed_wanted.exact_key then 4
                else 5
            end as closeness
        from listed_wanted
        inner join codes
            on
                listed_wanted.code_list = codes.code_list
                and lower(listed_wanted.exact_key) = codes.folded_key

    ),

    listed_ranked as (

        select
            *,
            row_number() over (
                partition by field, raw, specification_version
                order by
                    closeness asc,
                    case when listed_value = cleaned then 0 else 1 end asc,
                    listed_version desc,
                    position asc
            ) as place
        from listed_candidates

    ),

    listed_matches as (

        select *
        from listed_ranked
        where place = 1

    ),

    listed_read as (

        select
            listed_wanted.field,
            listed_wanted.raw,
            listed_wanted.specification_version,
            listed_wanted.cleaned,
            listed_matches.release_2_value as canonical,
            listed_matches.listed_value,
            case
                when listed_matches.closeness is null then 'not_on_list'
                when listed_matches.listed_version = 'nhs_ethnic_category'
                    then 'nhs_ethnic_category'
                when listed_matches.closeness = 2 then 'release_1_value'
                when listed_matches.closeness = 3 then 'capitals_differ'
                when listed_matches.closeness > 3 then 'other_release_value'
            end as rule_id,
            case
                when listed_matches.closeness is null then null
                when not contains(listed_wanted.raw, listed_wanted.cleaned)
                    then 'spelling_repaired'
                when listed_wanted.raw <> listed_wanted.cleaned then 'blanks_around_value'
                when lower(listed_wanted.cleaned) <> lower(listed_matches.listed_value)
                    then 'spelling_repaired'
            end as repair_rule_id
        from listed_wanted
        left join listed_matches
            on
                listed_wanted.field = listed_matches.field
                and listed_wanted.raw = listed_matches.raw
                and listed_wanted.specification_version = listed_matches.specification_version

    ),

    listed_values as (

        select
            values_found.submission_id,
            listed_read.field,
            listed_read.raw,
            listed_read.cleaned,
            listed_read.canonical,
            listed_read.listed_value,
            listed_read.rule_id,
            listed_read.repair_rule_id
        from values_found
        inner join submissions
            on values_found.submission_id = submissions.submission_id
        inner join listed_read
            on
                values_found.field = listed_read.field
                and values_found.raw = listed_read.raw
                and submissions.specification_version = listed_read.specification_version

    )
{%- endmacro %}
