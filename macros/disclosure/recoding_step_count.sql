{# Number of recoding steps in the seed; read when a model runs, for the seed is policy and not code. #}
{% macro recoding_step_count() %}
    {% if execute and flags.WHICH in ['build', 'run', 'test', 'retry'] %}
        {% set answer = run_query('select max(step) from ' ~ ref('recoding_steps')) %}
        {{ return(answer.columns[0].values()[0] | int) }}
    {% endif %}
    {{ return(1) }}
{% endmacro %}
