"""What auditors see of the proof that no identifier leaves. Counts, names and reasons; no value."""

import json
from dataclasses import dataclass

from plugins.home import Home
from reports.columns import words
from reports.tables import Column, Table, Tag

NO_PROOF = "There is no proof of lineage yet: it is made when a release is."
HOLDS = "No identifier leaves: every path ends in a named transformation, or before the wall."
FAILS = "The proof fails: no release is made until what stands below is mended."
_LIMITS = {
    "identifiable": "Stays in the identifiable zone",
    "warehouse": "Stays in the warehouse",
    "anywhere": "May go out",
}


@dataclass(frozen=True)
class Path:
    """One kind of identifier: where it comes from, what ends it, and how far it got."""

    title: str
    description: str
    facts: list[tuple[str, object]]
    ends: Table


@dataclass(frozen=True)
class AuditPage:
    """The proof. `facts` are (label, value) pairs."""

    verdict: str
    holds: bool
    facts: list[tuple[str, object]]
    failures: Table
    paths: list[Path]
    reviewed: Table


def read_proof(home: Home) -> dict | None:
    """Return the proof over the latest build that was proved; None when there is none."""
    try:
        content = json.loads(home.lineage.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def audit_page(proof: dict | None) -> AuditPage:
    """Compose the auditors' page."""
    holds = bool(proof and proof.get("holds"))
    content = proof or {}
    failures = content.get("failures", [])
    return AuditPage(
        verdict=NO_PROOF if proof is None else HOLDS if holds else FAILS,
        holds=holds,
        facts=[
            ("Proof", Tag("Holds", "good") if holds else Tag("Does not hold", "bad")),
            ("Build", content.get("build_id")),
            ("Models beyond the wall", content.get("models")),
            ("Columns followed", content.get("columns")),
            ("Failures", len(failures) if proof else None),
        ],
        failures=Table(
            caption="Failures",
            columns=(Column("Model"), Column("Column"), Column("What"), Column("What to do")),
            rows=[(f["model"], f["column"], f["what"], f["remedy"]) for f in failures],
            empty="None.",
        ),
        paths=[_path(one) for one in content.get("identifiers", []) if _is_limited(one)],
        reviewed=Table(
            caption="Code that the proof rests on, each body pinned by its hash",
            columns=(Column("Name"), Column("Kind"), Column("Ends"), Column("Why"), Column("Pin")),
            rows=[
                (
                    one["name"],
                    one["kind"],
                    [words(label) for label in one["ends"]] or None,
                    one["why"],
                    one["body_sha256"][:12],
                )
                for one in content.get("reviewed", [])
            ],
        ),
    )


def _is_limited(path: dict) -> bool:
    return path["stays_in"] != "anywhere"


def _path(path: dict) -> Path:
    return Path(
        title=words(path["label"]).capitalize(),
        description=path["description"],
        facts=[
            ("Limit", _LIMITS.get(path["stays_in"], path["stays_in"])),
            ("Comes from", ", ".join(path["sources"])),
            ("Columns beyond the wall that hold it", len(path["reaches"])),
        ],
        ends=Table(
            caption=f"Where {words(path['label'])} ends",
            columns=(Column("In model"), Column("By"), Column("From column")),
            rows=[(one["model"], one["declassifier"], one["column"]) for one in path["ended"]],
            empty="It is dropped: nothing beyond the wall is made of it.",
        ),
    )
