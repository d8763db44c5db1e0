"""Published counts read as cells: where each stands, and which counts may stand behind it."""

import re
from dataclasses import dataclass, replace

from attack.holding import TOKEN, Holding, Release, plain, quoted
from attack.policy import Policy

STATUS = "_status"
AREA = "area_code"
MEASURE = "measure"
TOTALS = {"total", "all"}
# Numbers that say where a cell stands, not how many persons it holds.
_PLACES = {"year", "definition_year", "month_relative", "month", "period", "quarter"}
# Published by others, exact, and about everybody: no count of clients.
OUTSIDE = {"population"}
# Every person stands in one value only, so that values add up to their total.
ADDITIVE = {"age_band", "sex", "gender", "ethnic_group", AREA, "segment"}
_WHOLE = re.compile(r"^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$")
NUMERIC = re.compile(r"^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|REAL|DECIMAL.*)$")
_RATE = re.compile(
    r"^value$|rate|percent|share|mean|median|average|ratio|_per_|cost", re.IGNORECASE
)
# Quartiles of days and effects estimated over two groups: made of no count that stands beside them.
_ESTIMATE = re.compile(r"_days$|^effect|^balance_of|^matched_percent$")
_AUXILIARY_TABLES = {"column_dictionary", "release_notes", "area_bricks"}


@dataclass(frozen=True)
class CountTable:
    """A table of numbers. `places` are the columns that say where a row stands."""

    release: Release
    name: str
    places: tuple[str, ...]
    counts: tuple[str, ...]
    rates: tuple[str, ...]
    rows: tuple[dict, ...]

    @property
    def policy(self) -> Policy:
        """The policy that the manifest states for this table."""
        return self.release.policy_of(self.name)

    def where(self, row: dict) -> tuple:
        """Return the place of a row as (column, value) pairs."""
        return tuple((column, row[column]) for column in self.places)

    def interval(self, row: dict, count: str) -> tuple[float, float]:
        """Return the lowest and highest count that may stand behind a cell."""
        value = row[count]
        if count in OUTSIDE and value is not None:
            return (value, value)
        return self.policy.interval(value, row.get(count + STATUS))

    def hidden(self, row: dict, count: str) -> bool:
        """Say whether a cell is hidden."""
        return row[count] is None or row.get(count + STATUS) == "hidden"

    def by_measure(self) -> list["CountTable"]:
        """Split a table of several measures, whose numbers are made in different ways."""
        if MEASURE not in self.places:
            return [self]
        kinds: dict[object, list[dict]] = {}
        for row in self.rows:
            kinds.setdefault(row[MEASURE], []).append(row)
        return [replace(self, rows=tuple(rows)) for rows in kinds.values()]

    def scope(self) -> str:
        """Return whose cells these are: everybody's where areas say so, else the agreement's."""
        return "" if AREA in self.places else self.release.agreement


def count_tables(holding: Holding, release: Release) -> list[CountTable]:
    """Read every table of numbers of a release."""
    key = ("cells", release.alias)
    if key not in holding.cache:
        holding.cache[key] = [
            table
            for name, columns in holding.tables(release).items()
            if (table := _read(holding, release, name, columns))
        ]
    return holding.cache[key]


def _read(
    holding: Holding, release: Release, name: str, columns: list[tuple[str, str]]
) -> CountTable | None:
    names = [column for column, _ in columns]
    if TOKEN in names or plain(name) in _AUXILIARY_TABLES:
        return None
    numeric = [
        (column, kind)
        for column, kind in columns
        if NUMERIC.match(kind) and column not in _PLACES and not _ESTIMATE.search(column)
    ]
    counts = tuple(
        column for column, kind in numeric if _WHOLE.match(kind) and not _RATE.search(column)
    )
    rates = tuple(column for column, _ in numeric if column not in counts)
    if not counts:
        return None
    measured = {*counts, *rates}
    places = tuple(
        column
        for column in names
        if column not in measured and not column.endswith(STATUS) and not _ESTIMATE.search(column)
    )
    listed = ", ".join(quoted(column) for column in names)
    rows = tuple(
        dict(zip(names, row, strict=True)) for row in holding.rows(f"select {listed} from {name}")
    )
    return CountTable(release, plain(name), places, counts, rates, rows)


def is_total(value: object) -> bool:
    """Say whether a value of a place stands for all of its column."""
    return isinstance(value, str) and value.strip().casefold() in TOTALS
