"""What the proof is judged by, read from `seeds/lineage`: labels, limits, declassifiers, pins."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from lineage.declassifiers import VIA, Rule
from lineage.values import ATTRIBUTE

# How far a label may go: within the identifiable zone, within the warehouse, or out with a release.
IDENTIFIABLE, WAREHOUSE, ANYWHERE = "identifiable", "warehouse", "anywhere"
# Tags of columns that say something of a person that could tell who it is.
TAGGED = ("direct_identifier", "quasi_identifier", "pseudonym")
UNLABELLED = "unlabelled"


@dataclass(frozen=True)
class Policy:
    """The seeds as they are looked up.

    `labels` by column name, `limits` by label, `rules` by (kind, declassifier), `pins` by
    (kind, name), `dictionaries`: key column by model; `described` and `why`: words for people.
    """

    labels: dict[str, str]
    limits: dict[str, str]
    persons: set[str]
    rules: dict[tuple[str, str], list[Rule]]
    pins: dict[tuple[str, str], str]
    functions: set[str]
    dictionaries: dict[str, str] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)
    why: dict[tuple[str, str], str] = field(default_factory=dict)

    def limit(self, label: str) -> str:
        """Return how far a label may go; one that nobody listed stays where it is."""
        if VIA in label or label == ATTRIBUTE:
            return ANYWHERE
        return self.limits.get(label, IDENTIFIABLE)

    def walled(self) -> set[str]:
        """Return the labels that may not cross the wall."""
        return {UNLABELLED} | {name for name, limit in self.limits.items() if limit == IDENTIFIABLE}

    def label_of(self, column: str, tag: str | None) -> str | None:
        """Return the label of a column of a source or seed, by its name and tag of sensitivity."""
        label = self.labels.get(column)
        if tag in TAGGED:
            return label or UNLABELLED
        return label if label and self.limit(label) == ANYWHERE else None


def read_policy(project: Path) -> Policy:
    """Read the seeds of a project folder."""
    folder = project / "seeds" / "lineage"
    rules: dict[tuple[str, str], list[Rule]] = {}
    for row in _rows(folder / "declassifiers.csv"):
        rule = Rule(row["argument"], row["label"], row["gives"], row["needs"], row["only_in"])
        rules.setdefault((row["kind"], row["declassifier"]), []).append(rule)
    reviewed = _rows(folder / "reviewed_bodies.csv")
    limits = _rows(folder / "identifier_limits.csv")
    return Policy(
        labels={
            row["column_name"]: row["label"] for row in _rows(folder / "identifier_labels.csv")
        },
        limits={row["label"]: row["stays_in"] for row in limits},
        persons={row["label"] for row in limits if row["is_person"] == "true"},
        rules=rules,
        pins={(row["kind"], row["name"]): row["body_sha256"] for row in reviewed},
        functions={row["function_name"] for row in _rows(folder / "lineage_functions.csv")},
        dictionaries={row["name"]: row["key"] for row in reviewed if row["kind"] == "dictionary"},
        described={row["label"]: row["description"] for row in limits},
        why={(row["kind"], row["name"]): row["why"] for row in reviewed},
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
