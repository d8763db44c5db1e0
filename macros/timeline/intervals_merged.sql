{# CTEs `<name>_reached` and `<name>`: the rows of `rows` with the number (`island`) of the stretch of
   time that each belongs to. A row goes on with the stretch before it when it starts at most `gap`
   days after everything before it has ended: 31 March and 1 April with a gap of 1. Rows that begin
   and end alike are of one stretch, whichever comes first. An open row (end null) reaches beyond
   every day. `gap` may be a column. #}
{% macro intervals_merged(name, rows, keys, starts, ends, gap) -%}
{{ name }}_reached as (

    select
        *,
        max(coalesce({{ ends }}, date '9000-01-01')) over (
            partition by {{ keys | join(', ') }}
            order by {{ starts }} asc, coalesce({{ ends }}, date '9000-01-01') asc
            rows between unbounded preceding and 1 preceding
        ) as reach_before
    from {{ rows }}

),

{{ name }} as (

    select
        *,
        sum(
            case
                when
                    reach_before is null
                    or {{ starts }} > {{ days_added('reach_before', gap) }}
                    then 1
                else 0
            end
        ) over (
            partition by {{ keys | join(', ') }}
            order by {{ starts }} asc, coalesce({{ ends }}, date '9000-01-01') asc
            range between unbounded preceding and current row
        ) as island
    from {{ name }}_reached

)
{%- endmacro %}
