"""Reading: the zones that are there, read-only, and the seeds that put codes into words."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from loaders.specification import COUNCILS_SEED, FIELDS_SEED, read_fields
from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import ZONES
from release.catalogue import records

RULES_SEED = PROJECT_ROOT / "seeds" / "specification" / "validation_rules.csv"
FIGURES_SEED = PROJECT_ROOT / "seeds" / "reports" / "council_figures_defined.csv"
ROW_AS_A_WHOLE, FILE_AS_A_WHOLE = "The row as a whole", "The file as a whole"


@dataclass(frozen=True)
class Rule:
    """A rule in words: what is wrong, what the council can do."""

    sentence: str
    what_to_do: str


class Source:
    """The warehouse as reports read it; what is not built yet has no rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection | None) -> None:
        """Keep the connection (None: no zone file is there) and list its tables and views."""
        self.connection = connection
        self.tables: set[str] = set()
        if connection is not None:
            listed = connection.execute(
                "select concat_ws('.', table_catalog, table_schema, table_name) "
                "from information_schema.tables"
            ).fetchall()
            self.tables = {name for (name,) in listed}

    def has(self, *tables: str) -> bool:
        """Tell whether all these tables (database.schema.table) are there."""
        return self.tables.issuperset(tables)

    def read(self, query: str, *tables: str) -> list[dict]:
        """Return the rows as dictionaries; [] when one of the tables that it needs is missing."""
        if self.connection is None or not self.has(*tables):
            return []
        return records(self.connection, query)


@contextmanager
def open_source(home: Home) -> Iterator[Source]:
    """Open the zones that are there, read-only.

    Errors: as of `zones.connect`, where there is a zone file but no key that opens it.
    """
    there = {zone: zones.READ for zone in ZONES if zones.zone_path(home, zone).exists()}
    if not there:
        yield Source(None)
        return
    with zones.connect(home, **there) as connection:
        yield Source(connection)


def council_names() -> dict[str, str]:
    """Return the councils that may send: 3-digit code -> name, by code. The latest name counts."""
    rows = sorted(_seed(COUNCILS_SEED), key=lambda row: (row["la_code"], row["valid_from"]))
    return {row["la_code"]: row["council_name"] for row in rows}


@cache
def rules() -> dict[str, Rule]:
    """Return rule id -> its words."""
    return {row["rule_id"]: Rule(row["sentence"], row["what_to_do"]) for row in _seed(RULES_SEED)}


def rule(rule_id: str | None) -> Rule:
    """Return the words of a rule; of one that the seed does not know, its id."""
    return rules().get(rule_id or "", Rule(rule_id or "", ""))


@cache
def fields_with_values_shown() -> tuple[str, ...]:
    """Return the fields whose values a council may be shown again: codes and numbers only."""
    shown = {"code", "integer", "money"}
    return tuple(
        row["field"]
        for row in _seed(FIELDS_SEED)
        if row["data_type"] in shown and row["sensitivity"] != "direct_identifier"
    )


@cache
def figures_defined() -> tuple[dict[str, str], ...]:
    """Return the councils' figures in the order of the page, as their seed defines them."""
    return tuple(sorted(_seed(FIGURES_SEED), key=lambda row: int(row["position"])))


@cache
def _headers() -> dict[str, str]:
    return {field.name: field.header for field in read_fields()}


def field_label(field: str | None, of_row: bool = True) -> str:
    """Return a field as the specification heads it, or words for a finding beyond one field."""
    if field is None:
        return ROW_AS_A_WHOLE if of_row else FILE_AS_A_WHOLE
    return _headers().get(field, field)


def _seed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
