{# Whether somebody shown before may be shown anew at a level of the known side: at a finer one or,
   where what is shown is out of date, at any that has rows; at the same one only if that is news. #}
{% macro may_be_shown(level, prefix='') -%}
(
            {{ prefix }}known_level_before > {{ level }}
            or (
                {{ prefix }}is_out_of_date
                and {{ prefix }}known_level_before {{ '<=' if level < 3 else '=' }} {{ level }}
            )
        )
{%- endmacro %}
