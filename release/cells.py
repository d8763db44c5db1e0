"""Tables of counts as disclosure control sees them: which columns are counts, which say where."""

from dataclasses import dataclass

import duckdb

from release.catalogue import ZONE, columns, identifier, records, tables

STATUS = "_status"
AGREEMENT = "agreement_reference"
MARTS = "marts"
_LIST = "protected_columns"


@dataclass(frozen=True)
class CountTable:
    """A table of protected counts. `keys` stand in the order of the table's columns.

    `derived` are numbers made of the measures, `additive` the keys whose values add up to a total.
    """

    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    derived: tuple[str, ...]
    additive: tuple[str, ...]

    @property
    def cell_key(self) -> str:
        """SQL of the text that names a cell, as released cells keep it."""
        return f"concat_ws('|', {', '.join(identifier(key) for key in self.keys)})"


def count_tables(connection: duckdb.DuckDBPyConnection, names: list[str]) -> list[CountTable]:
    """Return those of the zone's marts that hold protected counts.

    The seed `protected_columns` says what each column is; where it is silent, a column is a count
    when another beside it is named `<column>_status`.
    """
    roles: dict[tuple[str, str], str] = {}
    if _LIST in tables(connection, ZONE, "reference"):
        listed = records(connection, f"select * from {ZONE}.reference.{_LIST}")
        roles = {(row["table_name"], row["column_name"]): row["role"] for row in listed}
    found = []
    for table in names:
        held = [column.name for column in columns(connection, ZONE, MARTS, table)]
        role = {name: roles.get((table, name)) for name in held}
        measures = tuple(
            name for name in held if name + STATUS in held and role[name] in (None, "measure")
        )
        if not measures:
            continue
        outside = {"measure", "derived", "outside"}
        keys = tuple(
            name
            for name in held
            if name not in (AGREEMENT, *measures)
            and role[name] not in outside
            and not (name.endswith(STATUS) and name.removesuffix(STATUS) in held)
        )
        found.append(
            CountTable(
                table,
                keys,
                measures,
                tuple(name for name in held if role[name] == "derived"),
                tuple(name for name in keys if role[name] == "additive"),
            )
        )
    return found
