"""One release's database file: the agreement's rows of its products, documented and encrypted.

The file is built in a hidden folder beside the release's own, so that nothing unfinished ever
stands where a recipient would look.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from plugins import zones
from plugins.keys import Key
from release.catalogue import (
    ZONE,
    Column,
    columns,
    identifier,
    literal,
    table_comment,
    tables,
)
from release.digests import row_order, table_digest

FILE_NAME = "marts.duckdb"
MARTS = "marts"
DICTIONARY = "column_dictionary"
# Tables that go with every release, where the agreement has rows in them.
COMPANIONS = ("area_bricks", "release_notes")
AGREEMENT_COLUMN = "agreement_reference"
_ALIAS = "release_file"


class ReleaseRefused(Exception):
    """The agreement is in force, but what was built for it may not go out. The message says why."""


@dataclass(frozen=True)
class Packed:
    """What a file holds: products by table name; and products that the zone has no table for."""

    products: dict[str, dict]
    products_not_built: list[str]


def pack(
    connection: duckdb.DuckDBPyConnection, path: Path, key: Key, reference: str, products: list[str]
) -> Packed:
    """Write the release file of an agreement to `path`, which must not exist yet.

    `products` are the tables allowed. Every table loses `agreement_reference`, keeps its comments,
    and stands in the order of its token. Errors: `ReleaseRefused` when none of the products is
    built, a table has no `agreement_reference`, or a column has no row in the dictionary.
    """
    built = set(tables(connection, ZONE, MARTS))
    wanted = [product for product in products if product in built]
    if not wanted:
        raise ReleaseRefused("no product: none of those allowed is built")
    zones.attach(connection, path, _ALIAS, key, zones.WRITE)
    try:
        for table in wanted:
            _copy_table(connection, table, reference)
        for table in COMPANIONS:
            if table in built and _has_rows(connection, table, reference):
                _copy_table(connection, table, reference)
        _write_dictionary(connection, built)
        connection.execute(f"checkpoint {_ALIAS}")
        digests = {
            table: table_digest(connection, _ALIAS, "main", table)
            for table in tables(connection, _ALIAS, "main")
        }
    finally:
        connection.execute(f"detach {_ALIAS}")
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return Packed(
        products={
            table: {"rows": rows, "sha256": sha256} for table, (rows, sha256) in digests.items()
        },
        products_not_built=[product for product in products if product not in built],
    )


def _released_columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[Column]:
    listed = columns(connection, ZONE, MARTS, table)
    if AGREEMENT_COLUMN not in {column.name for column in listed}:
        raise ReleaseRefused(f"{table} has no {AGREEMENT_COLUMN}: nothing says whose rows they are")
    return [column for column in listed if column.name != AGREEMENT_COLUMN]


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str, reference: str) -> bool:
    found = connection.execute(
        f"select 1 from {ZONE}.{MARTS}.{identifier(table)} where {AGREEMENT_COLUMN} = ? limit 1",
        [reference],
    ).fetchall()
    return bool(found)


def _copy_table(connection: duckdb.DuckDBPyConnection, table: str, reference: str) -> None:
    released = _released_columns(connection, table)
    names = ", ".join(identifier(column.name) for column in released)
    connection.execute(
        f"create table {_ALIAS}.main.{identifier(table)} as select {names} "
        f"from {ZONE}.{MARTS}.{identifier(table)} where {AGREEMENT_COLUMN} = ? "
        f"order by {row_order(released)}",
        [reference],
    )
    _copy_comments(connection, table, released)


def _copy_comments(
    connection: duckdb.DuckDBPyConnection, table: str, released: list[Column]
) -> None:
    target = f"{_ALIAS}.main.{identifier(table)}"
    comment = table_comment(connection, ZONE, MARTS, table)
    if comment:
        connection.execute(f"comment on table {target} is {literal(comment)}")
    for column in released:
        if column.comment:
            connection.execute(
                f"comment on column {target}.{identifier(column.name)} is {literal(column.comment)}"
            )


def _write_dictionary(connection: duckdb.DuckDBPyConnection, built: set[str]) -> None:
    """Copy the dictionary's rows of the columns in the file, its own included.

    A table that describes others (dictionary, notes, bricks) is filled in from its comments where
    the zone's dictionary is silent; a product's column without a row stops the release.
    """
    if DICTIONARY not in built:
        raise ReleaseRefused(f"{DICTIONARY} is not built: nothing says what the columns are")
    own = [c for c in columns(connection, ZONE, MARTS, DICTIONARY) if c.name != AGREEMENT_COLUMN]
    names = ", ".join(identifier(column.name) for column in own)
    target = f"{_ALIAS}.main.{DICTIONARY}"
    connection.execute(
        f"create temporary table held as select distinct {names} from {ZONE}.{MARTS}.{DICTIONARY} "
        "limit 0"
    )
    try:
        connection.execute(f"create table {target} as from held")
        _copy_comments(connection, DICTIONARY, own)
        connection.execute(
            f"insert into held select distinct {names} from {ZONE}.{MARTS}.{DICTIONARY} "
            "where (table_name, column_name) in (select (table_name, column_name) "
            f"from duckdb_columns() where database_name = '{_ALIAS}')"
        )
        for table, column in _undescribed(connection):
            if table not in (*COMPANIONS, DICTIONARY):
                raise ReleaseRefused(f"{DICTIONARY} has no row for {table}.{column.name}")
            connection.execute(
                "insert into held (table_name, column_name, data_type, sensitivity, "
                "generalisation, description) values (?, ?, ?, 'non_personal', null, ?)",
                [table, column.name, column.data_type, column.comment],
            )
        connection.execute(f"insert into {target} from held order by {row_order(own)}")
    finally:
        connection.execute("drop table held")


def _undescribed(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, Column]]:
    described = set(connection.execute("select table_name, column_name from held").fetchall())
    return [
        (table, column)
        for table in tables(connection, _ALIAS, "main")
        for column in columns(connection, _ALIAS, "main", table)
        if (table, column.name) not in described
    ]
