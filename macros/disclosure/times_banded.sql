{# How often a word stands in a text: `0`, `1` or `2+`. #}
{% macro times_banded(text, word) -%}
    case (length({{ text }}) - length(replace({{ text }}, '{{ word }}', ''))) / {{ word | length }}
        when 0 then '0'
        when 1 then '1'
        else '2+'
    end
{%- endmacro %}
