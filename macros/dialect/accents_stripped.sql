{# A text in capitals with its accents taken off: ZOË gives ZOE, ŁUKASZ gives LUKASZ. #}
{% macro accents_stripped(text) -%}
    {{ return(adapter.dispatch('accents_stripped')(text)) }}
{%- endmacro %}

{% macro default__accents_stripped(text) -%}
    translate(strip_accents({{ text }}), 'ŁØĐÆŒ', 'LODAO')
{%- endmacro %}

{% macro spark__accents_stripped(text) -%}
    translate(
        {{ text }},
        'ÀÁÂÃÄÅĀĂĄÇĆČĎÈÉÊËĒĖĘĚÌÍÎÏĪĮİÑŃŇÒÓÔÕÖŌŐÙÚÛÜŪŮŰŲÝŸŹŻŽŚŠŞŤŢŘĞŁØĐÆŒ',
        'AAAAAAAAACCCDEEEEEEEEIIIIIIINNNOOOOOOOUUUUUUUUYYZZZSSSTTRGLODAO'
    )
{%- endmacro %}
