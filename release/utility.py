"""What protection cost a release: figures for its manifest, small numbers hidden in them too."""

import duckdb

from release.catalogue import ZONE, identifier, records, tables
from release.cells import AGREEMENT, MARTS, STATUS, CountTable

_TABLE = "release_utility"


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
