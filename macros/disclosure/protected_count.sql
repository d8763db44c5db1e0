{# A count as it may be shown: null when it is small, else rounded to the nearest multiple of the base;
   zero stays zero. With threshold 8 and base 5: 7 gives null, 8 gives 10, 12 gives 10, 13 gives 15. #}
{% macro protected_count(measure, threshold, base) -%}
    case
        when {{ measure }} = 0 then 0
        when {{ measure }} < {{ threshold }} then null
        else cast(floor(({{ measure }} + {{ base }} / 2.0) / {{ base }}) * {{ base }} as bigint)
    end
{%- endmacro %}
