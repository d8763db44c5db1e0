"""What a release showed, kept so that the next build goes on from it.

Written before the ledger's entry and read only together with it, so that a run that is killed in
between leaves nothing that counts.
"""

import duckdb

from release.catalogue import ZONE, columns, identifier, literal

_PERSONS = f"{ZONE}.governance.released_persons"
_CELLS = f"{ZONE}.governance.released_cells"
_STATUS = "_status"
_PLACED = f"{ZONE}.intermediate.int_persons_placed"


def keep(
    connection: duckdb.DuckDBPyConnection, reference: str, release_id: str, tables: list[str]
) -> None:
    """Keep who and which cells a release shows; `tables` are the names of those in its file.

    A cell is any column that has another beside it named `<column>_status`. Running again for the
    same release replaces what was kept.
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
    for table in tables:
        names = [column.name for column in columns(connection, ZONE, "marts", table)]
        measures = [name for name in names if name + _STATUS in names]
        keys = [
            identifier(name)
            for name in names
            if name not in measures
            and name.removesuffix(_STATUS) not in measures
            and name != "agreement_reference"
        ]
        for measure in measures:
            connection.execute(
                f"insert into {_CELLS} by name select agreement_reference, ? as release_id, "
                f"? as table_name, concat_ws('|', {', '.join(keys)}) as cell_key, "
                f"{literal(measure)} as measure, {identifier(measure)} as value, "
                f"{identifier(measure + _STATUS)} as status "
                f"from {ZONE}.marts.{identifier(table)} where agreement_reference = ?",
                [release_id, table, reference],
            )
