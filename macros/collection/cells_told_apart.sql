{% macro cells_told_apart(fields, rows) -%}
    {%- for field in fields -%}
        {%- set raw = rows ~ '.' ~ field.field -%}
        {%- if field.reader == 'text' -%}
        case
            when {{ cell_cleaned(raw) }} is null then null
            when {{ cell_is_error(cell_cleaned(raw)) }} then {{ text_cell_kinds().error }}
            when
                {{ raw }} <> {{ cell_cleaned(raw) }} and contains({{ raw }}, {{ cell_cleaned(raw) }})
                then {{ text_cell_kinds().padded }}
            else {{ text_cell_kinds().plain }}
        end
        {%- else -%}
        {{ value_found(field, 'value_number') }}
        {%- endif %} as {{ field.field }}_cell
        {{- ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
