"""What an attack says: how much it looked at, what it found. Counts and places, never a value."""

from collections import Counter
from dataclasses import dataclass, field

FOUND, NOTED, HELD, EMPTY = "found", "note", "nothing found", "nothing to examine"


@dataclass
class Verdict:
    """The outcome of one attack over one holding."""

    attack: str
    examined: Counter = field(default_factory=Counter)
    found: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    releases: set[str] = field(default_factory=set)

    def look(self, what: str, count: int, *labels: str) -> None:
        """Count what was examined, and in which releases."""
        self.examined[what] += count
        if count:
            self.releases.update(labels)

    def find(self, where: str, count: int = 1) -> None:
        """Record that the attack succeeded; `where` names a place and holds nobody's value."""
        if count:
            self.found[where] = max(count, self.found.get(where, 0))

    def note(self, where: str, count: int = 1) -> None:
        """Record what a reader should know, short of a success."""
        if count:
            self.notes[where] = max(count, self.notes.get(where, 0))

    def merge(self, other: "Verdict") -> None:
        """Take in the outcome of the same attack over another holding.

        What was examined in several holdings counts once, by the largest.
        """
        for what, count in other.examined.items():
            self.examined[what] = max(count, self.examined[what])
        self.releases |= other.releases
        for mine, theirs in ((self.found, other.found), (self.notes, other.notes)):
            for where, count in theirs.items():
                mine[where] = max(count, mine.get(where, 0))

    def add(self, other: "Verdict") -> None:
        """Take in the outcome over other releases: what was examined adds up."""
        self.examined.update(other.examined)
        self.releases |= other.releases
        self.found |= other.found
        self.notes |= other.notes

    @property
    def outcome(self) -> str:
        """Say `found`, `note`, `nothing found` or `nothing to examine`."""
        if self.found:
            return FOUND
        if not any(self.examined.values()):
            return EMPTY
        return NOTED if self.notes else HELD

    def to_dict(self) -> dict:
        """Return a plain dictionary."""
        return {
            "attack": self.attack,
            "outcome": self.outcome,
            "releases": len(self.releases),
            "examined": dict(self.examined),
            "found": self.found,
            "notes": self.notes,
        }
