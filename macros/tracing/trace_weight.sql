{# The weight in bits of a detail's level in its context, to four decimals. Chance agreement is that
   of the context plus that on the value itself, and never less than a hundredth of a person of the
   index: nothing is impossible. #}
{% macro trace_weight(field, pairs) -%}
    round(log2(
        {{ field }}_weights.m / greatest(
            least(
                1.0,
                {{ field }}_weights.u
                + {{ field }}_weights.frequency_factor * {{ pairs }}.{{ field }}_frequency
            ),
            {{ quotient('0.01', pairs ~ '.index_persons') }}
        )
    ), 4)
{%- endmacro %}
