"""A proof of lineage as it is kept beside a warehouse, with names as long as they come."""

import json

from plugins.home import Home

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


def keep_proof(home: Home, **changes) -> None:
    """Keep a proof beside a warehouse."""
    home.lineage.write_text(json.dumps(PROOF | changes))
