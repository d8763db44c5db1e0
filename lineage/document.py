"""The proof as plain data: what `lineage.json` holds and the pages show. No value of any row."""

from dataclasses import asdict

from lineage.declassifiers import VIA
from lineage.policy import Policy
from lineage.proof import Proof
from lineage.values import labels


def as_document(proof: Proof) -> dict:
    """Return the verdict, the paths of each label, the columns released and what was judged by."""
    policy = proof.policy
    return {
        "holds": proof.holds,
        "build_id": proof.invocation_id,
        "models": len(proof.reaches),
        "columns": sum(map(len, proof.reaches.values())),
        "failures": [asdict(failure) for failure in proof.failures],
        "identifiers": [_paths(proof, policy, label) for label in sorted(proof.origins)],
        "released": {
            model: {
                column: sorted(label for label in labels(value) if VIA in label)
                for column, value in proof.reaches[model].items()
            }
            for model in sorted(proof.released)
        },
        "reviewed": [
            {
                "kind": kind,
                "name": name,
                "body_sha256": pin,
                "ends": sorted({rule.label for rule in policy.rules.get((kind, name), [])}),
                "why": policy.why.get((kind, name), ""),
            }
            for (kind, name), pin in sorted(policy.pins.items())
        ],
    }


def _paths(proof: Proof, policy: Policy, label: str) -> dict:
    ends = {
        (model, end.declassifier, f"{end.origin.relation}.{end.origin.column}")
        for model, found in proof.ends.items()
        for end in found
        if end.label == label
    }
    return {
        "label": label,
        "description": policy.described.get(label, ""),
        "stays_in": policy.limit(label),
        "sources": sorted(f"{o.relation}.{o.column}" for o in proof.origins[label]),
        "ended": [
            {"model": model, "declassifier": name, "column": column}
            for model, name, column in sorted(ends)
        ],
        "reaches": sorted(
            f"{model}.{column}"
            for model, columns in proof.reaches.items()
            for column, value in columns.items()
            if label in labels(value)
        ),
    }
