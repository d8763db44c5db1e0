{# Write-audit-publish: each dbt run that changes tables leaves a row in governance.builds. It is
   written as `started` before the first node, so that a killed run is never taken for a green one. #}

{% macro record_build_started() %}
    {{ return(adapter.dispatch('record_build_started')()) }}
{% endmacro %}

{% macro default__record_build_started() %}
    {% if execute and flags.WHICH in ['build', 'run', 'seed', 'test', 'retry', 'clone'] %}
        insert into {{ builds_table() }} by name
        select
            '{{ invocation_id }}' as invocation_id,
            '{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}'::timestamp as started_at,
            'started' as outcome
    {% endif %}
{% endmacro %}


{# Green only when the whole project was built and tested: every enabled node of the graph came back
   with success or pass; a test of severity `warn` asks for a review and stops nothing. Fewer nodes
   than the graph holds: `partial`. dbt's graph leaves out unit tests, so a failing one turns the build
   red, but none is missed when it does not run. #}
{% macro record_build_ended(results) %}
    {{ return(adapter.dispatch('record_build_ended')(results)) }}
{% endmacro %}

{# Releases are made from the zone files alone: nothing reads the state of a build on Spark. #}
{% macro spark__record_build_ended(results) %}{% endmacro %}

{% macro default__record_build_ended(results) %}
    {% if execute and flags.WHICH in ['build', 'run', 'seed', 'test', 'retry', 'clone'] %}
        {% set kinds = ['model', 'seed', 'snapshot', 'test', 'function'] %}
        {% set ns = namespace(expected=0, good=0, bad=0) %}
        {% for node in graph.nodes.values() if node.resource_type in kinds
            and node.config.enabled and node.config.get('materialized') != 'ephemeral' %}
            {% set ns.expected = ns.expected + 1 %}
        {% endfor %}
        {% for node in (graph.get('functions') or {}).values() %}
            {% set ns.expected = ns.expected + 1 %}
        {% endfor %}
        {% for result in results if result.node.resource_type in kinds + ['unit_test'] %}
            {% if result.status | string not in ['success', 'pass', 'warn'] %}
                {% set ns.bad = ns.bad + 1 %}
            {% elif result.node.resource_type in kinds %}
                {% set ns.good = ns.good + 1 %}
            {% endif %}
        {% endfor %}
        {% set outcome = 'red' if ns.bad else ('green' if ns.good == ns.expected else 'partial') %}
        {% set as_of_date = var('as_of_date') %}
        update {{ builds_table() }}
        set
            ended_at = now()::timestamp,
            outcome = '{{ outcome }}',
            as_of_date = {{ "'" ~ as_of_date ~ "'::date" if as_of_date else 'null' }},
            accept_test_nhs_numbers = {{ var('accept_test_nhs_numbers') }},
            nodes_expected = {{ ns.expected }},
            nodes_succeeded = {{ ns.good }},
            nodes_failed = {{ ns.bad }}
        where invocation_id = '{{ invocation_id }}'
    {% endif %}
{% endmacro %}


{% macro builds_table() %}pseudonymised.governance.builds{% endmacro %}
