"""From one release to the next under the eyes of readers: each transaction sees one, whole.

Which release an agreement's views show is one value in `access.agreements`, and changing it is one
statement. Before that, each view is replaced by one that can show either; after it, when nobody is
left who began before, by one that shows the new release alone. Only one view is locked at a time,
so readers and publication never wait for each other in a circle.
"""

import time
from collections.abc import Callable

import psycopg
from psycopg import sql

from release.server.connection import ServerError
from release.server.loading import say

Shape = dict[str, list[tuple[str, str]]]


def swap(
    connection: psycopg.Connection,
    group: str,
    schema: str,
    release_id: str,
    days: tuple,
    policy: dict[str, int],
) -> None:
    """Let an agreement's views show a loaded release in place of the former one.

    `days` are the agreement's first and last. Errors: `ServerError` when readers of the release
    before the former one never let go.
    """
    settle(connection, group, policy)
    former, shape = current(connection, group), shape_of(connection, schema)
    if former and shape_of(connection, former) == shape:
        for table in shape:
            _patiently(connection, policy, _show, group, table, [former, schema])
        _turn(connection, group, schema, release_id, days)
        try:
            settle(connection, group, policy)
        except ServerError:
            return  # The next publication does it: until then the views can show both.
    else:
        _patiently(connection, policy, _make_anew, group, schema, release_id, days, list(shape))


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
    for table in shape_of(connection, schema):
        _patiently(connection, policy, _show, group, table, [schema])
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
    """Return the columns of a schema's tables, name and type, from left to right."""
    rows = connection.execute(
        "select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) "
        "from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where c.relnamespace = to_regnamespace(%s) and c.relkind = 'r' and a.attnum > 0 "
        "and not a.attisdropped order by 1, a.attnum",
        [schema],
    ).fetchall()
    shape: Shape = {}
    for table, column, data_type in rows:
        shape.setdefault(table, []).append((column, data_type))
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


def _show(connection: psycopg.Connection, group: str, table: str, schemas: list[str]) -> None:
    """Make or replace a view that shows a table of whichever of the schemas is current."""
    listed = connection.execute(
        "select attname::text, col_description(attrelid, attnum) from pg_attribute "
        "where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
        [sql.Identifier(schemas[-1], table).as_string(connection)],
    ).fetchall()
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in listed)
    branches = sql.SQL(" union all ").join(
        sql.SQL("select {} from {} where (select access.is_current({}, {}))").format(
            names, sql.Identifier(schema, table), sql.Literal(group), sql.Literal(schema)
        )
        for schema in schemas
    )
    view = sql.Identifier(group, table)
    connection.execute(
        sql.SQL(
            "create or replace view {} with (security_barrier) as select {} from ({}) as releases "
            "where (select access.in_force({}))"
        ).format(view, names, branches, sql.Literal(group))
    )
    connection.execute(sql.SQL("grant select on {} to {}").format(view, sql.Identifier(group)))
    comment = connection.execute(
        "select obj_description(%s::regclass, 'pg_class')",
        [sql.Identifier(schemas[-1], table).as_string(connection)],
    ).fetchone()[0]
    say(connection, sql.SQL("view {}").format(view), comment)
    for name, said in listed:
        say(connection, sql.SQL("column {}").format(sql.Identifier(group, table, name)), said)


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


def _make_anew(
    connection: psycopg.Connection,
    group: str,
    schema: str,
    release_id: str,
    days: tuple,
    tables: list[str],
) -> None:
    """Replace all views at once: the first release, or one whose tables have other columns."""
    owner = sql.Identifier(group)
    connection.execute(sql.SQL("create schema if not exists {}").format(owner))
    connection.execute(sql.SQL("grant usage on schema {0} to {0}").format(owner))
    former = connection.execute(
        "select viewname::text from pg_views where schemaname = %s order by 1", [group]
    ).fetchall()
    if former:
        names = sql.SQL(", ").join(sql.Identifier(group, view) for (view,) in former)
        connection.execute(sql.SQL("lock table {} in access exclusive mode").format(names))
        connection.execute(sql.SQL("drop view {}").format(names))
    for table in tables:
        _show(connection, group, table, [schema])
    before = current(connection, group)
    _turn(connection, group, schema, release_id, days)
    if before and before != schema:
        connection.execute(
            sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(before))
        )
