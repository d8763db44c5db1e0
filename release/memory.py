"""What a release showed, kept so that the next build goes on from it.

Written before the ledger's entry and read only together with it, so that a run that is killed in
between leaves nothing that counts.
"""

import duckdb

from release.catalogue import ZONE, identifier, literal
from release.cells import STATUS, count_tables

_PERSONS = f"{ZONE}.governance.released_persons"
_CELLS = f"{ZONE}.governance.released_cells"
_PLACED = f"{ZONE}.intermediate.int_persons_placed"


def keep(
    connection: duckdb.DuckDBPyConnection, reference: str, release_id: str, tables: list[str]
) -> None:
    """Keep who and which cells a release shows; `tables` are the names of those in its file.

    Running again for the same release replaces what was kept.
    """
    for kept in (_PERSONS, _CELLS):
        connection.execute(
            f"delete from {kept} where agreement_reference = ? and release_id = ?",
            [reference, release_id],
        )
    connection.execute(
        f"insert into {_PERSONS} by name select ? as release_id, * from {_PLACED} "
        "where agreement_reference = ?",
        [release_id, reference],
    )
    for table in count_tables(connection, tables):
        for measure in table.measures:
            connection.execute(
                f"insert into {_CELLS} by name select agreement_reference, ? as release_id, "
                f"? as table_name, {table.cell_key} as cell_key, "
                f"{literal(measure)} as measure, {identifier(measure)} as value, "
                f"{identifier(measure + STATUS)} as status "
                f"from {ZONE}.marts.{identifier(table.name)} where agreement_reference = ?",
                [release_id, table.name, reference],
            )
