{# CTEs: codes without a list and error cells, each read once; a council's code once per sender. #}
{% macro codes_read() -%}
    code_values as (

        select
            field,
            raw,
            cleaned,
            case reader
                when 'postcode' then {{ postcode_normalised('cleaned') }}
                when 'practice_code' then upper(cleaned)
                when 'location_id' then cleaned
            end as canonical,
            case
                when reader = 'error' then 'error_value'
                when reader = 'postcode' and {{ postcode_normalised('cleaned') }} is null
                    then 'postcode_unreadable'
                when reader = 'postcode' and {{ matched('upper(cleaned)', '^ZZ99') }}
                    then 'postcode_pseudo'
                when
                    reader = 'practice_code'
                    and not {{ matched('upper(cleaned)', '^[A-Z][0-9A-Z][0-9]{4}$') }}
                    then 'practice_code_malformed'
                when
                    reader = 'location_id'
                    and not {{ matched('cleaned', '^1-[0-9]{6,12}$') }}
                    then 'location_id_malformed'
            end as rule_id,
            case
                when
                    reader = 'postcode'
                    and (
                        cleaned <> {{ postcode_normalised('cleaned') }}
                        or not contains(raw, cleaned)
                    )
                    then 'postcode_repaired'
                when reader <> 'error' and raw <> cleaned then 'blanks_around_value'
            end as repair_rule_id
        from texts
        where reader in ('error', 'postcode', 'practice_code', 'location_id')

    ),

    council_code_values as (

        select
            values_found.submission_id,
            texts.field,
            texts.raw,
            texts.cleaned,
            coalesce(councils.la_code, upper(texts.cleaned)) as canonical,
            cast(null as {{ dbt.type_string() }}) as listed_value,
            case when councils.la_code is null then 'other_council' end as rule_id,
            case
                when councils.la_code <> upper(texts.cleaned) then 'own_code_of_other_kind'
                when texts.raw <> texts.cleaned then 'blanks_around_value'
            end as repair_rule_id
        from values_found
        inner join submissions
            on values_found.submission_id = submissions.submission_id
        inner join texts
            on
                values_found.field = texts.field
                and values_found.raw = texts.raw
        left join councils
            on
                submissions.la_code = councils.la_code
                and upper(texts.cleaned) = councils.own_code
        where texts.reader = 'council_code'

    )
{%- endmacro %}
