"""From one release to the next under the eyes of readers: each transaction sees one, whole.

Which release an agreement's views show is one value in `access.agreements`, and changing it is one
statement. Before that, each view is replaced by one that can show either; after it, when nobody is
left who began before, by one that shows the new release alone. Only one view is locked at a time,
so readers and publication never wait for each other in a circle. Where the releases differ in their
columns, a view that can show either has the columns of both, empty where a release lacks one.
"""

import time
from collections.abc import Callable

import psycopg
from psycopg import sql

from release.server.connection import ServerError
from release.server.loading import say

Columns = dict[str, str]
Shape = dict[str, Columns]
# Types that PostgreSQL brings together by itself; any two others meet as text.
_NUMBERS = ("smallint", "integer", "bigint", "numeric", "double precision")


def swap(
    connection: psycopg.Connection,
    group: str,
    schema: str,
    release_id: str,
    days: tuple,
    policy: dict[str, int],
) -> None:
    """Let an agreement's views show a loaded release in place of the former one, if there is one.

    `days` are the agreement's first and last. Errors: `ServerError` when readers of the release
    before the former one never let go.
    """
    owner = sql.Identifier(group)
    connection.execute(sql.SQL("create schema if not exists {}").format(owner))
    connection.execute(sql.SQL("grant usage on schema {0} to {0}").format(owner))
    settle(connection, group, policy)
    former = current(connection, group)
    _show_all(connection, group, [former, schema] if former else [schema], policy)
    _turn(connection, group, schema, release_id, days)
    try:
        settle(connection, group, policy)
    except ServerError:
        return  # The next publication does it: until then the views can show both.


def settle(connection: psycopg.Connection, group: str, policy: dict[str, int]) -> None:
    """Let go of every release but the current one, once nobody is left who sees another.

    Errors: `ServerError` when transactions that began before the last turn do not end.
    """
    schema = current(connection, group)
    if schema is None:
        return
    others = [name for name in shown_schemas(connection, group) if name != schema]
    if not others:
        return
    for _ in range(policy["swap_attempts"]):
        if not _older_transactions(connection, group):
            break
        time.sleep(policy["swap_lock_milliseconds"] / 1000)
    else:
        raise ServerError("Readers keep the former release in use: publish again later.")
    _show_all(connection, group, [schema], policy)
    for other in others:
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(other)))


def current(connection: psycopg.Connection, group: str) -> str | None:
    """Return the private schema that an agreement's views show, or None."""
    row = connection.execute(
        "select private_schema::text from access.agreements where agreement = %s", [group]
    ).fetchone()
    return row[0] if row else None


def shown_schemas(connection: psycopg.Connection, group: str) -> list[str]:
    """Return the private schemas that an agreement's views can show."""
    rows = connection.execute(
        "select distinct t.relnamespace::regnamespace::text from pg_class v "
        "join pg_rewrite r on r.ev_class = v.oid "
        "join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid "
        "and d.refclassid = 'pg_class'::regclass "
        "join pg_class t on t.oid = d.refobjid and t.relkind = 'r' "
        "where v.relkind = 'v' and v.relnamespace = to_regnamespace(%s)",
        [group],
    ).fetchall()
    return sorted(name for (name,) in rows)


def shape_of(connection: psycopg.Connection, schema: str) -> Shape:
    """Return the tables of a schema: name and type of their columns, from left to right."""
    rows = connection.execute(
        "select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) "
        "from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where c.relnamespace = to_regnamespace(%s) and c.relkind = 'r' and a.attnum > 0 "
        "and not a.attisdropped order by 1, a.attnum",
        [schema],
    ).fetchall()
    shape: Shape = {}
    for table, column, data_type in rows:
        shape.setdefault(table, {})[column] = data_type
    return shape


def _patiently(
    connection: psycopg.Connection, policy: dict[str, int], step: Callable, *given: object
) -> None:
    """Do a step in a transaction that waits only briefly for readers, again and again."""
    for _ in range(policy["swap_attempts"]):
        try:
            with connection.transaction():
                connection.execute(
                    sql.SQL("set local lock_timeout = {}").format(
                        sql.Literal(f"{policy['swap_lock_milliseconds']}ms")
                    )
                )
                step(connection, *given)
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            time.sleep(policy["swap_lock_milliseconds"] / 1000)
    raise ServerError("Readers keep the former release in use: publish again later.")


def _older_transactions(connection: psycopg.Connection, group: str) -> bool:
    return connection.execute(
        "select exists (select from pg_stat_activity s join access.logins l on s.usename = l.login "
        "join access.agreements a on a.agreement = l.agreement "
        "where a.agreement = %s and s.xact_start <= a.published_at)",
        [group],
    ).fetchone()[0]


def _show_all(
    connection: psycopg.Connection, group: str, schemas: list[str], policy: dict[str, int]
) -> None:
    """Let the views show whichever of the schemas is current; the last is the newest."""
    shapes = {schema: shape_of(connection, schema) for schema in schemas}
    tables = dict.fromkeys(table for shape in shapes.values() for table in shape)
    for table in tables:
        holders = {schema: shape[table] for schema, shape in shapes.items() if table in shape}
        _patiently(connection, policy, _show, group, table, holders)
    for (view,) in connection.execute(
        "select viewname::text from pg_views where schemaname = %s order by 1", [group]
    ).fetchall():
        if view not in tables:
            _patiently(connection, policy, _drop, group, view)


def _show(connection: psycopg.Connection, group: str, table: str, holders: Shape) -> None:
    """Make or replace a view of a table; `holders` are the schemas that have it, with its columns.

    PostgreSQL adds columns to a view, but takes none away and changes no type: then the view is
    made anew, in the same transaction.
    """
    names = list(dict.fromkeys(name for columns in holders.values() for name in columns))
    branches = sql.SQL(" union all ").join(
        sql.SQL("select {} from {} where (select access.is_current({}, {}))").format(
            sql.SQL(", ").join(_read(name, schema, holders) for name in names),
            sql.Identifier(schema, table),
            sql.Literal(group),
            sql.Literal(schema),
        )
        for schema in holders
    )
    view = sql.Identifier(group, table)
    make = sql.SQL(
        "create or replace view {} with (security_barrier) as select {} from ({}) as releases "
        "where (select access.in_force({}))"
    ).format(view, sql.SQL(", ").join(map(sql.Identifier, names)), branches, sql.Literal(group))
    try:
        with connection.transaction():
            connection.execute(make)
    except psycopg.errors.InvalidTableDefinition:
        _drop(connection, group, table)
        connection.execute(make)
    connection.execute(sql.SQL("grant select on {} to {}").format(view, sql.Identifier(group)))
    for schema in holders:
        _copy_comments(connection, schema, table, view)


def _read(name: str, schema: str, holders: Shape) -> sql.Composable:
    """Return a column of one release as both releases can show it."""
    types = {columns[name] for columns in holders.values() if name in columns}
    column = sql.Identifier(name)
    if name not in holders[schema]:
        column = sql.SQL("null::{}").format(sql.SQL(next(iter(types))))
    if len(types) > 1 and not all(said.startswith(_NUMBERS) for said in types):
        column = sql.SQL("{}::text").format(column)
    return sql.SQL("{} as {}").format(column, sql.Identifier(name))


def _drop(connection: psycopg.Connection, group: str, view: str) -> None:
    connection.execute(sql.SQL("drop view {}").format(sql.Identifier(group, view)))


def _copy_comments(
    connection: psycopg.Connection, schema: str, table: str, view: sql.Identifier
) -> None:
    source = sql.Identifier(schema, table).as_string(connection)
    (comment,) = connection.execute(
        "select obj_description(%s::regclass, 'pg_class')", [source]
    ).fetchone()
    say(connection, sql.SQL("view {}").format(view), comment)
    for name, said in connection.execute(
        "select attname::text, col_description(attrelid, attnum) from pg_attribute "
        "where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
        [source],
    ).fetchall():
        say(connection, sql.SQL("column {}.{}").format(view, sql.Identifier(name)), said)


def _turn(
    connection: psycopg.Connection, group: str, schema: str, release_id: str, days: tuple
) -> None:
    """Say which release an agreement's views show: the one statement that readers notice."""
    connection.execute(
        "insert into access.agreements values (%s, %s, %s, false, %s, %s, clock_timestamp()) "
        "on conflict (agreement) do update set first_day = excluded.first_day, "
        "last_day = excluded.last_day, closed = false, private_schema = excluded.private_schema, "
        "release_id = excluded.release_id, published_at = excluded.published_at",
        [group, *days, schema, release_id],
    )
    # Whoever began before this moment may still see the former release.
    connection.execute(
        "update access.agreements set published_at = clock_timestamp() where agreement = %s",
        [group],
    )
