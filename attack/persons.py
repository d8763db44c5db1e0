"""Record-level tables read as persons: what others may know of each, and what they would learn.

The unit is the person, never the row: all rows of one pseudonym are taken together.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from attack.holding import SPINE, TOKEN, Holding, Release, plain, quoted
from attack.policy import CCG, COUNCIL

HIDDEN, UNKNOWN = "*", "unknown"
# Values that say nothing of a person.
SILENT = {HIDDEN, ""}
# What anybody may know of a person, whatever the release's own dictionary calls it.
_PUBLIC = re.compile(
    r"(^|_)(age|birth|sex|gender|ethnic|ethnicity|area|lsoa|msoa|ward|postcode|locality|practice"
    r"|marital|religion|language|nationality)",
    re.IGNORECASE,
)
_HEALTH = re.compile(
    r"health|hospital|admission|attendance|emergency|spell|diagnos|activity|inpatient|outpatient"
    r"|tariff|hrg|discharge",
    re.IGNORECASE,
)
# Neither known nor learnt: whether the controller could trace the person.
_IGNORED = {"link_status"}


@dataclass(frozen=True)
class Person:
    """One pseudonym. Each side is what its rows show, as sorted tuples of texts."""

    public: tuple
    care: tuple
    health: tuple
    care_rows: tuple
    health_rows: tuple


@dataclass(frozen=True)
class PersonFile:
    """All persons of a release, and the columns behind each part of `Person`."""

    release: Release
    persons: dict[str, Person]
    public_columns: tuple[str, ...]
    care_columns: tuple[str, ...]
    health_columns: tuple[str, ...]
    row_columns: dict[str, tuple[str, ...]]

    def known(self, person: Person) -> tuple:
        """Return what the recipient can know of a person already.

        A council knows its own clients' care, a CCG its patients' use of hospitals; to both that
        comes on top of what anybody can know.
        """
        kind = self.release.policy.recipient_type
        if kind == COUNCIL:
            return person.public, person.care, person.care_rows
        if kind == CCG:
            return person.public, _as_none(person.health), person.health_rows
        return (person.public,)

    def learnt_columns(self) -> tuple[str, ...]:
        """Return the columns that the recipient learns from the release."""
        kind = self.release.policy.recipient_type
        if kind == COUNCIL:
            return self.health_columns
        if kind == CCG:
            return self.care_columns
        return self.care_columns + self.health_columns

    def learnt(self, person: Person) -> tuple:
        """Return the values of `learnt_columns`, one tuple for each row of the person."""
        kind = self.release.policy.recipient_type
        if kind == COUNCIL:
            return person.health
        if kind == CCG:
            return person.care
        return tuple(a + b for a, b in zip(person.care, person.health, strict=True))

    def classes(self) -> dict[tuple, Counter]:
        """Return known side -> how many persons show each learnt value."""
        found: dict[tuple, Counter] = defaultdict(Counter)
        for person in self.persons.values():
            found[self.known(person)][self.learnt(person)] += 1
        return found


def person_file(holding: Holding, release: Release) -> PersonFile | None:
    """Read the persons of a release; None where it has no record-level table."""
    key = ("persons", release.alias)
    if key not in holding.cache:
        holding.cache[key] = _read(holding, release)
    return holding.cache[key]


def _read(holding: Holding, release: Release) -> PersonFile | None:
    spine = holding.table(release, SPINE)
    if not spine or TOKEN not in {column for column, _ in holding.tables(release)[spine]}:
        return None
    public, care, health = _sides(holding, release, spine)
    wanted = ", ".join(_text(column) for column in (TOKEN, *public, *care, *health))
    shown: dict[str, list[tuple]] = defaultdict(list)
    for token, *values in holding.rows(f"select {wanted} from {spine} order by all"):
        shown[token].append(tuple(values))
    rows: dict[str, dict[str, list[tuple]]] = {"care": {}, "health": {}}
    row_columns: dict[str, tuple[str, ...]] = {"care": (), "health": ()}
    for name, columns in sorted(holding.tables(release).items()):
        names = [column for column, _ in columns]
        if name == spine or TOKEN not in names:
            continue
        side = "health" if _HEALTH.search(plain(name)) else "care"
        others = [column for column in names if column != TOKEN]
        row_columns[side] += tuple(others)
        wanted = ", ".join(_text(column) for column in (TOKEN, *others))
        for token, *values in holding.rows(f"select {wanted} from {name} order by all"):
            rows[side].setdefault(token, []).append((plain(name), *values))
    first, second = len(public), len(public) + len(care)
    persons = {
        token: Person(
            public=tuple(row[:first] for row in listed),
            care=tuple(row[first:second] for row in listed),
            health=tuple(row[second:] for row in listed),
            care_rows=tuple(rows["care"].get(token, ())),
            health_rows=tuple(rows["health"].get(token, ())),
        )
        for token, listed in shown.items()
    }
    return PersonFile(release, persons, public, care, health, row_columns)


def _sides(
    holding: Holding, release: Release, spine: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    listed = holding.sensitivities(release)
    sides: dict[str, list[str]] = {"public": [], "care": [], "health": []}
    for column, _ in holding.tables(release)[spine]:
        if column == TOKEN or column in _IGNORED:
            continue
        if _PUBLIC.search(column) or listed.get((SPINE, column)) == "quasi_identifier":
            side = "public"
        else:
            side = "health" if _HEALTH.search(column) else "care"
        sides[side].append(column)
    return tuple(sides["public"]), tuple(sides["care"]), tuple(sides["health"])


def _as_none(health: tuple) -> tuple:
    """Take unknown use as none: who holds the truth can't tell an untraced person from a well one.

    Both show no activity, and the recipient does not know whom the controller could trace.
    """
    return tuple(tuple("0" if cell == UNKNOWN else cell for cell in row) for row in health)


def is_silent(value: tuple) -> bool:
    """Say whether a person's values to be learnt, row by row, say nothing."""
    return all(cell in SILENT for row in value for cell in row)


def _text(column: str) -> str:
    return f"coalesce(cast({quoted(column)} as varchar), '')"
