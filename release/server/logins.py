"""Group roles and analysts' logins: what they may do, for how long, and that no more.

A password is derived from the key ring; the server gets its SCRAM verifier (RFC 5802), made here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg
from psycopg import sql

from plugins.keys import KeyRing
from release.server.connection import ServerRefused

ZONE_OF_DATES = "Europe/London"


@dataclass(frozen=True)
class Analyst:
    """One login: of whom, under which agreement, until when (inclusive)."""

    login: str
    reference: str
    organisation_code: str
    last_day: date


def make_group(connection: psycopg.Connection, group: str) -> None:
    """Make the group role of an agreement, which nobody logs in by."""
    if not _exists(connection, group):
        connection.execute(sql.SQL("create role {}").format(sql.Identifier(group)))
    connection.execute(
        sql.SQL(
            "alter role {} nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls"
        ).format(sql.Identifier(group))
    )
    connection.execute(
        sql.SQL("grant connect on database {} to {}").format(_database(connection), _id(group))
    )
    connection.execute(
        sql.SQL(
            "grant execute on function access.in_force(text), access.is_current(text, text), "
            "access.today() to {}"
        ).format(_id(group))
    )


def make_login(
    connection: psycopg.Connection,
    ring: KeyRing,
    analyst: Analyst,
    group: str,
    policy: dict[str, int],
    audit: str,
) -> None:
    """Make or renew a login: member of its one group, read-only, limited, audited.

    Errors: `ServerRefused` for a name that the server has given to something else.
    """
    login, known = analyst.login, analyst.login in _known(connection)
    if not known:
        if _exists(connection, login):
            raise ServerRefused(f"The server has a role {login} that is no analyst's login.")
        connection.execute(sql.SQL("create role {}").format(_id(login)))
    connection.execute(
        "insert into access.logins values (%s, %s, %s) on conflict (login) do update set "
        "agreement = excluded.agreement, last_day = excluded.last_day",
        [login, group, analyst.last_day],
    )
    verifier = connection.pgconn.encrypt_password(
        ring.analyst_password(login).encode(), login.encode(), b"scram-sha-256"
    ).decode()
    connection.execute(
        sql.SQL(
            "alter role {} login inherit nosuperuser nocreatedb nocreaterole noreplication "
            "nobypassrls connection limit {} valid until {} password {}"
        ).format(
            _id(login),
            sql.Literal(policy["connections_per_login"]),
            sql.Literal(_end_of(connection, analyst.last_day)),
            sql.Literal(verifier),
        )
    )
    for (other,) in connection.execute(
        "select roleid::regrole::text from pg_auth_members where member = %s::regrole "
        "and roleid <> %s::regrole",
        [_quoted(connection, login), _quoted(connection, group)],
    ).fetchall():
        connection.execute(sql.SQL("revoke {} from {}").format(sql.SQL(other), _id(login)))
    connection.execute(sql.SQL("grant {} to {}").format(_id(group), _id(login)))
    settings = {
        "default_transaction_read_only": "on",
        # A transaction sees one release, however many statements it has.
        "default_transaction_isolation": "repeatable read",
        "statement_timeout": f"{policy['statement_timeout_seconds']}s",
        "idle_in_transaction_session_timeout": f"{policy['idle_in_transaction_timeout_seconds']}s",
        "temp_file_limit": f"{policy['temporary_file_limit_megabytes']}MB",
        "search_path": group,
    }
    settings |= {"pgaudit.log": "all"} if audit == "pgaudit" else {"log_statement": "all"}
    for name, value in settings.items():
        connection.execute(
            sql.SQL("alter role {} in database {} set {} = {}").format(
                _id(login), _database(connection), sql.SQL(name), sql.Literal(value)
            )
        )


def end_logins(connection: psycopg.Connection, logins: Iterable[str]) -> int:
    """Take logins away and end their sessions; return how many sessions were ended.

    Only names that stand in `access.logins` are touched.
    """
    ended = 0
    for login in sorted(set(logins) & set(_known(connection))):
        if _exists(connection, login):
            connection.execute(sql.SQL("alter role {} nologin").format(_id(login)))
            ended += end_sessions(connection, login)
            connection.execute(
                sql.SQL("alter role {} in database {} reset all").format(
                    _id(login), _database(connection)
                )
            )
            connection.execute(sql.SQL("drop role {}").format(_id(login)))
        connection.execute("delete from access.logins where login = %s", [login])
    return ended


def end_sessions(connection: psycopg.Connection, login: str) -> int:
    """End the open sessions of a login and wait until they are gone; return how many."""
    return connection.execute(
        "select count(*) from (select pg_terminate_backend(pid, 5000) from pg_stat_activity "
        "where usename = %s offset 0) as ended",
        [login],
    ).fetchone()[0]


def logins_ended(connection: psycopg.Connection) -> list[str]:
    """Return logins whose last day is over, by the server's own clock."""
    rows = connection.execute("select login from access.logins where last_day < access.today()")
    return [login for (login,) in rows.fetchall()]


def logins_of(connection: psycopg.Connection, group: str) -> list[str]:
    """Return the logins of an agreement."""
    rows = connection.execute("select login from access.logins where agreement = %s", [group])
    return [login for (login,) in rows.fetchall()]


def _known(connection: psycopg.Connection) -> list[str]:
    return [login for (login,) in connection.execute("select login from access.logins").fetchall()]


def _exists(connection: psycopg.Connection, role: str) -> bool:
    found = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchall()
    return bool(found)


def _end_of(connection: psycopg.Connection, day: date) -> str:
    """Return the moment at which a day ends, as the server writes it."""
    return connection.execute(
        "select (%s::date::timestamp at time zone %s)::text",
        [day + timedelta(days=1), ZONE_OF_DATES],
    ).fetchone()[0]


def _id(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _quoted(connection: psycopg.Connection, name: str) -> str:
    return sql.Identifier(name).as_string(connection)


def _database(connection: psycopg.Connection) -> sql.Identifier:
    return sql.Identifier(connection.info.dbname)
