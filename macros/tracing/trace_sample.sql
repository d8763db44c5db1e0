{# Which sample of known non-matches answers for a context of a detail. #}
{% macro trace_sample(field) -%}
    {%- set samples = {
        'date_of_birth': {'household': 'household', 'relative': 'relative'},
        'given_name': {'household': 'household', 'twin': 'twin'},
        'practice': {'household': 'household'},
    } -%}
    case {{ field }}_context
        {%- for context, sample in samples.get(field, {'none': 'place'}).items() %}
        when '{{ context }}' then '{{ sample }}'
        {%- endfor %}
        else 'place'
    end
{%- endmacro %}
