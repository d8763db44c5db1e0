"""What protection cost a release: figures for its manifest, small numbers hidden in them too."""

import duckdb

from release.catalogue import ZONE, identifier, records, tables
from release.cells import AGREEMENT, MARTS, STATUS, CountTable

_TABLE = "release_utility"
_NOTES = "release_notes"
_CELLS_HIDDEN = "cells hidden"
_WHY = "Hidden as small, or so that nothing hidden can be computed."


def read_utility(
    connection: duckdb.DuckDBPyConnection,
    reference: str,
    counts: list[CountTable],
    hidden_by_audit: int,
) -> dict:
    """Return {figure: value} of an agreement's products as built, and of their cells.

    `cells` maps each table of counts to {cells, hidden}; `hidden_by_audit` are the cells that were
    hidden besides the small ones. Values are text as the policy of small numbers shows them.
    """
    figures: dict = {}
    if _TABLE in tables(connection, ZONE, "governance"):
        figures = {
            row["figure"]: row["value"]
            for row in records(
                connection,
                f"select figure, value from {ZONE}.governance.{_TABLE} "
                f"where {AGREEMENT} = ? order by figure",
                [reference],
            )
        }
    figures["cells"] = {table.name: _cells(connection, reference, table) for table in counts}
    figures["cells_hidden_by_audit"] = hidden_by_audit
    return figures


def note_cells(connection: duckdb.DuckDBPyConnection, reference: str, figures: dict) -> None:
    """Write into the agreement's release notes how many cells of each table are hidden.

    `figures` are those of `read_utility`: the audit may have hidden more than the build did.
    Running again replaces what was written.
    """
    if _NOTES not in tables(connection, ZONE, MARTS):
        return
    place = f"{ZONE}.{MARTS}.{_NOTES}"
    connection.execute(
        f"delete from {place} where {AGREEMENT} = ? and note_type = 'utility' and measure = ?",
        [reference, _CELLS_HIDDEN],
    )
    for table, counted in figures["cells"].items():
        connection.execute(
            f"insert into {place} by name select ? as {AGREEMENT}, 'utility' as note_type, "
            "? as subject, ? as measure, ? as value, ? as note",
            [reference, table, _CELLS_HIDDEN, f"{counted['hidden']} of {counted['cells']}", _WHY],
        )


def _cells(
    connection: duckdb.DuckDBPyConnection, reference: str, table: CountTable
) -> dict[str, int]:
    hidden = " + ".join(
        f"count(*) filter (where {identifier(measure + STATUS)} = 'hidden')"
        for measure in table.measures
    )
    rows, count = connection.execute(
        f"select count(*), {hidden} from {ZONE}.{MARTS}.{identifier(table.name)} "
        f"where {AGREEMENT} = ?",
        [reference],
    ).fetchone()
    return {"cells": rows * len(table.measures), "hidden": count}
