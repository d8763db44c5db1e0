{# Whether two dates of birth share two of day, month and year, or differ by an exchange of day and
   month or of the digits that meet between them (24 October and 4 December: 1024 and 1204). False
   when either is null. One wrong digit leaves two parts right, so it is covered. #}
{% macro births_are_close(left_date, right_date) -%}
    {%- set ns = namespace(parts={}) -%}
    {%- for side, date in [('left', left_date), ('right', right_date)] -%}
        {%- for part in ['year', 'month', 'day'] -%}
            {%- set _ = ns.parts.update({side ~ part: 'extract(' ~ part ~ ' from ' ~ date ~ ')'}) -%}
        {%- endfor -%}
    {%- endfor -%}
    coalesce(
        (
            case
                when {{ ns.parts.leftyear }} = {{ ns.parts.rightyear }}
                    then
                        {{ ns.parts.leftmonth }} = {{ ns.parts.rightmonth }}
                        or {{ ns.parts.leftday }} = {{ ns.parts.rightday }}
                        or (
                            {{ ns.parts.leftmonth }} = {{ ns.parts.rightday }}
                            and {{ ns.parts.leftday }} = {{ ns.parts.rightmonth }}
                        )
                        or (
                            {{ ns.parts.leftmonth }} % 10 = floor({{ ns.parts.rightday }} / 10)
                            and floor({{ ns.parts.leftday }} / 10) = {{ ns.parts.rightmonth }} % 10
                            and {{ ns.parts.leftday }} % 10 = {{ ns.parts.rightday }} % 10
                            and floor({{ ns.parts.leftmonth }} / 10)
                            = floor({{ ns.parts.rightmonth }} / 10)
                        )
                else
                    {{ ns.parts.leftmonth }} = {{ ns.parts.rightmonth }}
                    and {{ ns.parts.leftday }} = {{ ns.parts.rightday }}
            end
        ),
        false
    )
{%- endmacro %}
