{# CTE `bands`: one row per band of any width and five-year band in it, with the adult band that it lies
   in. `age_bands` is the relation of ages and their bands. #}
{% macro age_bands_of_each_width(age_bands) -%}
bands as (
    {% for width in ['five_year_band', 'ten_year_band', 'adult_band'] %}
    select
        {{ width }} as age_band,
        five_year_band,
        adult_band
    from {{ age_bands }}
    {{ 'union' if not loop.last }}
    {%- endfor %}

)
{%- endmacro %}
