{# Whether a share tells something of everybody it counts: nobody or few are in it, or nobody or few
   are not. `inside` and `outside` are the numbers of these persons; an empty share tells nothing. #}
{% macro share_tells_of_all(inside, outside, limits) -%}
    (
                {{ inside }} + {{ outside }} > 0
                and (
                    {{ inside }} < {{ limits }}.share_margin_persons
                    or {{ outside }} < {{ limits }}.share_margin_persons
                )
            )
{%- endmacro %}
