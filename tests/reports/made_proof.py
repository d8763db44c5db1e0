"""A proof of lineage and a manifest as they are kept beside a warehouse."""

import json
import sys

from plugins.home import PROJECT_ROOT, Home

ENDED = {
    "model": "int_health_activity_pseudonymised",
    "declassifier": "person_token",
    "column": "stg_submissions__submissions.la_person_unique_identifier",
}
PROOF = {
    "holds": True,
    "build_id": "0b0b0b0b-1111-2222-3333-444444444444",
    "models": 42,
    "columns": 380,
    "failures": [],
    "identifiers": [
        {
            "label": "nhs_number",
            "description": "NHS number of a person.",
            "stays_in": "identifiable",
            "sources": ["person.nhs_number", "person.superseded_by_nhs_number"],
            "ended": [ENDED],
            "reaches": [],
        },
        {
            "label": "activity_reference",
            "description": "A hospital's own reference.",
            "stays_in": "identifiable",
            "sources": ["admitted_patient_care.spell_id"],
            "ended": [],
            "reaches": [],
        },
        {
            "label": "agreement",
            "description": "Reference of the agreement.",
            "stays_in": "anywhere",
            "sources": ["agreements.agreement_reference"],
            "ended": [],
            "reaches": ["entitlements.agreement_reference"],
        },
    ],
    "released": {
        "linked_persons": {
            "person_pseudonym": ["nhs_number via person_token", "person_token via agreement_token"],
            "sex": [],
        }
    },
    "reviewed": [
        {
            "kind": "function",
            "name": "person_token",
            "body_sha256": "ab" * 32,
            "ends": ["*", "nhs_number"],
            "why": "Keyed hash under a key that no SQL sees.",
        }
    ],
}
FAILURE = {
    "model": "int_persons_pseudonymised",
    "column": "date_of_birth",
    "what": "date_of_birth reaches it from int_events_deduplicated.date_of_birth",
    "remedy": "drop it or end it by a declassifier that takes it",
}

# The makers of small manifests stand with the tests of the proof.
sys.path.append(str(PROJECT_ROOT / "tests" / "lineage"))
MART = "a_mart_with_a_name_as_long_as_the_longest_of_them"


def keep_manifest(home: Home) -> None:
    """Keep a small manifest of dbt beside a warehouse: a mart of one pseudonym and one month."""
    from made_manifests import Made

    made = Made()
    made.model(
        MART,
        "select {{ agreement_token }}(a.agreement_reference, e.person_token) as person_pseudonym, "
        "{{ month_of('e.event_start_date') }} as month from @events as e "
        "cross join @agreements as a",
        schema="marts",
        columns=("person_pseudonym", "month"),
    )
    for node in [*made.nodes.values(), *made.sources.values()]:
        room = "marts" if node["name"] == MART else "staging"
        folder = "seeds" if node["resource_type"] == "seed" else f"models/{room}"
        node["fqn"] = ["made", room, node["name"]]
        node["original_file_path"] = f"{folder}/{node['name']}.sql"
        node["description"] = f"One row per **row** of `{node['name']}`.\n\n**Nuance.** <None>."
        for column in node["columns"].values():
            column["description"] = f"What `{column['name']}` is."
    home.build_manifest.write_text(json.dumps(made.manifest() | {"unit_tests": {}}))


def keep_proof(home: Home, **changes) -> None:
    """Keep a proof beside a warehouse."""
    home.lineage.write_text(json.dumps(PROOF | changes))
