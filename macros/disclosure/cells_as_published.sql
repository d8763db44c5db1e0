{# CTEs that lay protected cells over what earlier releases showed of them. Needs the CTE `judged`: one
   row per agreement and place, with each measure and its `<measure>_status`; makes `shown`, the same as
   it may be released now. `keys` are the columns that say where a cell stands, in the table's order.
   The counts of `share` are shown anew together or not at all: of an old one beside a new one, a nought
   or a whole may follow that is neither true nor safe. #}
{% macro cells_as_published(table, keys, measures, share=[]) -%}
published_cells as (

    select * from {{ ref('int_cells_published') }}
    where table_name = '{{ table }}'

),

keyed as (

    select
        *,
        concat_ws(
            '|',
            {{ keys | join(',\n            ') }}
        ) as cell_key
    from judged

),

shown as (

    select
        keyed.agreement_reference,
        {%- for key in keys %}
        keyed.{{ key }},
        {%- endfor %}
        {%- for measure in measures %}
        {%- set is_held -%}
            {%- for one in (share if measure in share else [measure]) -%}
                {{ one }}_cells.status <> 'hidden' and keyed.{{ one }}_status = 'hidden'
                {{- ' or ' if not loop.last }}
            {%- endfor -%}
        {%- endset %}
        {{ as_published('keyed', measure, measure ~ '_cells', is_held) }} as {{ measure }},
        {{ status_as_published('keyed', measure, measure ~ '_cells', is_held) }}
            as {{ measure }}_status
        {{- ',' if not loop.last }}
        {%- endfor %}
    from keyed
    {%- for measure in measures %}
    left join published_cells as {{ measure }}_cells
        on
            keyed.agreement_reference = {{ measure }}_cells.agreement_reference
            and keyed.cell_key = {{ measure }}_cells.cell_key
            and {{ measure }}_cells.measure = '{{ measure }}'
    {%- endfor %}

)
{%- endmacro %}
