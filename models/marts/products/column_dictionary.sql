-- Written from the project itself, so that what a recipient reads is what an auditor reads.
{% set products = [
    'linked_persons', 'linked_care_events', 'linked_health_activity', 'cohort_monthly',
    'pathway_outcomes', 'intervention_panel', 'payment_segments', 'population_needs',
    'column_dictionary', 'release_notes',
] %}
{% set ns = namespace(rows=[]) %}
{% if execute %}
    {% for node in graph.nodes.values() | sort(attribute='name')
        if node.resource_type == 'model' and node.name in products %}
        {% for column in node.columns.values() if column.name != 'agreement_reference' %}
            {% set meta = column.config.get('meta') or column.meta or {} %}
            {% do ns.rows.append([
                node.name, column.name, column.data_type, meta.get('sensitivity', ''),
                meta.get('generalisation', 'none'),
                column.description | replace('\n', ' ') | trim,
            ]) %}
        {% endfor %}
    {% endfor %}
{% endif %}
with

described (table_name, column_name, data_type, sensitivity, generalisation, description) as (

    values
    {% for row in ns.rows %}
    (
        {%- for value in row -%}
            '{{ (value or "") | replace("'", "''") }}'{{ ', ' if not loop.last }}
        {%- endfor -%}
    ){{ ',' if not loop.last }}
    {% else %}
    ('', '', '', '', '', '')
    {% endfor %}

)

select
    table_name,
    column_name,
    data_type,
    sensitivity,
    generalisation,
    description
from described
