{# SQL of an MD5 over some columns of all rows of a small table, whatever their order: a scalar
   subquery. Null differs from the empty text, and no value runs into the next. #}
{% macro rows_fingerprint(relation, columns) -%}
    (
        select md5({{ sorted_text(fingerprinted_text(columns)) }})
        from {{ relation }}
    )
{%- endmacro %}


{# SQL of one text for the values of some columns. #}
{% macro fingerprinted_text(columns) -%}
    concat(
        {%- for column in columns %}
        coalesce(cast({{ column }} as string), chr(30)), chr(31){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
