"""A release file's tables into a private schema, by ADBC, and the number of rows checked."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import psycopg
from adbc_driver_manager import Error as AdbcError
from psycopg import sql

from plugins import zones
from plugins.home import Home
from plugins.keys import Key
from release.catalogue import columns, identifier, table_comment, tables
from release.server.connection import Server, ServerError

MANIFEST_VIEW = "release_manifest"
_ALIAS = "release_file"
_BATCH = 100_000
_TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
# Wider integers come out of sums; PostgreSQL has numeric for them.
_AS_NUMERIC = {"HUGEINT": "numeric(38, 0)", "UBIGINT": "numeric(20, 0)"}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


class Unpublishable(Exception):
    """A release that cannot stand on the server as it is; the message says why."""


def server_type(data_type: str) -> str:
    """Return PostgreSQL's type for DuckDB's: `DECIMAL(18,2)` gives `numeric(18, 2)`.

    Errors: `Unpublishable` for a type that no product has.
    """
    if found := _DECIMAL.fullmatch(data_type):
        return f"numeric({found[1]}, {found[2]})"
    try:
        return (_TYPES | _AS_NUMERIC)[data_type]
    except KeyError:
        raise Unpublishable(f"a column has the type {data_type}") from None


def load(
    connection: psycopg.Connection,
    server: Server,
    home: Home,
    file: Path,
    key: Key,
    manifest: dict,
    schema: str,
) -> None:
    """Load every table of a release file into a private schema and check the number of rows.

    The schema is made here; nobody but the administrator may use it. Errors: `Unpublishable` when
    the rows on the server are not those of the manifest, `ServerError`.
    """
    connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    with duckdb.connect(":memory:") as source:
        zones.prepare(source, home)
        zones.attach(source, file, _ALIAS, key)
        zones.sandbox(source, [])
        with _loader(server) as loader:
            for table in tables(source, _ALIAS, "main"):
                _load_table(connection, loader, source, table, schema)
                counted = connection.execute(
                    sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
                ).fetchone()[0]
                expected = manifest["products"].get(table, {}).get("rows")
                if counted != expected:
                    raise Unpublishable(f"{table} has {counted} rows on the server, not {expected}")
    target = sql.Identifier(schema, MANIFEST_VIEW)
    connection.execute(
        sql.SQL("create table {} (release_id text, as_of_date date, manifest jsonb)").format(target)
    )
    connection.execute(
        sql.SQL("insert into {} values (%s, %s, %s)").format(target),
        [manifest["release_id"], manifest["as_of_date"], json.dumps(manifest)],
    )


def _load_table(
    connection: psycopg.Connection,
    loader: adbc.Connection,
    source: duckdb.DuckDBPyConnection,
    table: str,
    schema: str,
) -> None:
    listed = columns(source, _ALIAS, "main", table)
    target = sql.Identifier(schema, table)
    fields = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(server_type(c.data_type)))
        for c in listed
    )
    # Statistics of private tables are everybody's to see: none are gathered.
    connection.execute(
        sql.SQL("create table {} ({}) with (autovacuum_enabled = false)").format(target, fields)
    )
    comment = table_comment(source, _ALIAS, "main", table)
    say(connection, sql.SQL("table {}").format(target), comment)
    for column in listed:
        place = sql.Identifier(schema, table, column.name)
        say(connection, sql.SQL("column {}").format(place), column.comment)
    names = ", ".join(
        f"{identifier(c.name)}::decimal(38, 0) as {identifier(c.name)}"
        if c.data_type in _AS_NUMERIC
        else identifier(c.name)
        for c in listed
    )
    reader = source.execute(
        f"select {names} from {_ALIAS}.main.{identifier(table)}"
    ).to_arrow_reader(_BATCH)
    with loader.cursor() as cursor:
        cursor.adbc_ingest(table, reader, mode="append", db_schema_name=schema)
    loader.commit()


@contextmanager
def _loader(server: Server) -> Iterator[adbc.Connection]:
    try:
        with adbc.connect(server.text) as loader:
            yield loader
    except AdbcError as error:
        # The text of the error may hold a value or the connection text.
        code = error.sqlstate or "no code"
        raise ServerError(f"The server {server.label} did not take a table ({code}).") from None


def say(connection: psycopg.Connection, place: sql.Composable, comment: str | None) -> None:
    """Put a comment on a table, view or column; None says nothing."""
    if comment:
        connection.execute(sql.SQL("comment on {} is {}").format(place, sql.Literal(comment)))
