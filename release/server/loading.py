"""A release file's tables into a private schema, by ADBC, and views of them swapped in at once."""

import json
import re
import time
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
        for table in tables(source, _ALIAS, "main"):
            _load_table(connection, server, source, table, schema)
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
    server: Server,
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
    _comment(connection, sql.SQL("table {}").format(target), comment)
    for column in listed:
        place = sql.Identifier(schema, table, column.name)
        _comment(connection, sql.SQL("column {}").format(place), column.comment)
    names = ", ".join(
        f"{identifier(c.name)}::decimal(38, 0) as {identifier(c.name)}"
        if c.data_type in _AS_NUMERIC
        else identifier(c.name)
        for c in listed
    )
    reader = source.execute(
        f"select {names} from {_ALIAS}.main.{identifier(table)}"
    ).to_arrow_reader(_BATCH)
    try:
        with adbc.connect(server.text) as loader, loader.cursor() as cursor:
            cursor.adbc_ingest(table, reader, mode="append", db_schema_name=schema)
            loader.commit()
    except AdbcError as error:
        # The text of the error may hold a value or the connection text.
        raise ServerError(
            f"The server {server.label} did not take {table} ({error.sqlstate or 'no code'})."
        ) from None


def _comment(connection: psycopg.Connection, place: sql.Composable, comment: str | None) -> None:
    if comment:
        connection.execute(sql.SQL("comment on {} is {}").format(place, sql.Literal(comment)))


def swap(
    connection: psycopg.Connection,
    group: str,
    schema: str,
    release_id: str,
    days: tuple,
    policy: dict[str, int],
) -> None:
    """Put a loaded release into an agreement's schema in place of the former one.

    One transaction. It locks all former views before it touches one, so that whoever reads goes on
    with the former release until the end of the transaction; it waits for readers only briefly at
    a time, lest they wait for each other. Errors: `ServerError` when readers never let go.
    """
    for _ in range(policy["swap_attempts"]):
        try:
            with connection.transaction():
                connection.execute(
                    sql.SQL("set local lock_timeout = {}").format(
                        sql.Literal(f"{policy['swap_lock_milliseconds']}ms")
                    )
                )
                _swap(connection, group, schema, release_id, days)
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            time.sleep(policy["swap_lock_milliseconds"] / 1000)
    raise ServerError("Readers kept the former release in use: publish again later.")


def _swap(
    connection: psycopg.Connection, group: str, schema: str, release_id: str, days: tuple
) -> None:
    connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(group)))
    former = [
        view
        for (view,) in connection.execute(
            "select viewname::text from pg_views where schemaname = %s order by 1", [group]
        ).fetchall()
    ]
    if former:
        names = sql.SQL(", ").join(sql.Identifier(group, view) for view in former)
        connection.execute(sql.SQL("lock table {} in access exclusive mode").format(names))
        connection.execute(sql.SQL("drop view {}").format(names))
    listed = connection.execute(
        "select relname::text, obj_description(oid, 'pg_class') from pg_class "
        "where relnamespace = %s::regnamespace and relkind = 'r'",
        [schema],
    ).fetchall()
    for table, comment in listed:
        _make_view(connection, group, schema, table, comment)
    connection.execute(sql.SQL("grant usage on schema {0} to {0}").format(sql.Identifier(group)))
    connection.execute(
        sql.SQL("grant select on all tables in schema {0} to {0}").format(sql.Identifier(group))
    )
    before = connection.execute(
        "select current_schema from access.agreements where agreement = %s", [group]
    ).fetchone()
    connection.execute(
        "insert into access.agreements values (%s, %s, %s, false, %s, %s, now()) "
        "on conflict (agreement) do update set first_day = excluded.first_day, "
        "last_day = excluded.last_day, closed = false, current_schema = excluded.current_schema, "
        "release_id = excluded.release_id, published_at = excluded.published_at",
        [group, *days, schema, release_id],
    )
    if before and before[0] and before[0] != schema:
        connection.execute(
            sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(before[0]))
        )


def _make_view(
    connection: psycopg.Connection, group: str, schema: str, table: str, comment: str | None
) -> None:
    listed = connection.execute(
        "select attname::text, col_description(attrelid, attnum) from pg_attribute "
        "where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
        [sql.Identifier(schema, table).as_string(connection)],
    ).fetchall()
    view = sql.Identifier(group, table)
    connection.execute(
        sql.SQL(
            "create view {} with (security_barrier) as select {} from {} "
            "where (select access.in_force({}))"
        ).format(
            view,
            sql.SQL(", ").join(sql.Identifier(name) for name, _ in listed),
            sql.Identifier(schema, table),
            sql.Literal(group),
        )
    )
    _comment(connection, sql.SQL("view {}").format(view), comment)
    for name, said in listed:
        _comment(connection, sql.SQL("column {}").format(sql.Identifier(group, table, name)), said)
