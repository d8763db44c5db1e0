"""Taking back: an agreement's schema, roles and open sessions leave the server."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import duckdb
import psycopg
from psycopg import sql

from plugins import zones
from plugins.home import Home
from release.catalogue import ZONE, records
from release.server.connection import Server, ServerError
from release.server.logins import end_logins, logins_ended, logins_of
from release.server.swapping import shown_schemas

_PUBLISHED = f"{ZONE}.governance.published_schemas"


@dataclass(frozen=True)
class Closing:
    """What was taken back from one server. `problem` is None when all of it was."""

    server: str
    agreements: list[str]
    sessions_ended: int
    problem: str | None

    def to_dict(self) -> dict:
        """Return the closing as plain data, for `--json`."""
        return asdict(self)


def remember(
    connection: duckdb.DuckDBPyConnection, server: Server, reference: str, schema: str
) -> None:
    """Keep that an agreement's releases stand on a server; nothing secret is kept."""
    forget(connection, server.text_without_secrets, reference, schema)
    connection.execute(
        f"insert into {_PUBLISHED} values (?, ?, ?)",
        [server.text_without_secrets, reference, schema],
    )


def forget(
    connection: duckdb.DuckDBPyConnection, address: str, reference: str, schema: str
) -> None:
    """Forget an agreement's schema on a server."""
    connection.execute(
        f"delete from {_PUBLISHED} where server = ? and agreement_reference = ? "
        "and schema_name = ?",
        [address, reference, schema],
    )


def published(connection: duckdb.DuckDBPyConnection) -> list[dict]:
    """Return what stands on servers: server, agreement_reference, schema_name."""
    return records(connection, f"select * from {_PUBLISHED} order by all")


def close_agreement(connection: psycopg.Connection, group: str) -> int:
    """Take an agreement off the server; return how many sessions were ended. Safe to repeat.

    Its views are shut first, so that sessions that are open see nothing from the next statement on.
    """
    rows = connection.execute(
        "update access.agreements set closed = true where agreement = %s returning private_schema",
        [group],
    ).fetchall()
    ended = end_logins(connection, logins_of(connection, group))
    with connection.transaction():
        private = {name for (name,) in rows} | set(shown_schemas(connection, group))
        for schema in (group, *sorted(private)):
            connection.execute(
                sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema))
            )
        found = connection.execute("select 1 from pg_roles where rolname = %s", [group]).fetchall()
        if found:
            connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(group)))
            connection.execute(sql.SQL("drop role {}").format(sql.Identifier(group)))
        connection.execute("delete from access.agreements where agreement = %s", [group])
    return ended


def is_prepared(connection: psycopg.Connection) -> bool:
    """Say whether anything was ever published to the server."""
    return connection.execute("select to_regclass('access.agreements')").fetchone()[0] is not None


def close(home: Home, references: Iterable[str] | None = None) -> list[Closing]:
    """Take agreements off every server that they stand on, and logins whose time is over.

    None means: only what is over by each server's own clock. A server that cannot be reached keeps
    its place in the record, so that the next run tries again; its problem is told, not raised.
    """
    path = zones.zone_path(home, ZONE)
    if not path.exists():
        return []
    with zones.connect(home, pseudonymised=zones.WRITE) as zone:
        standing = published(zone)
        by_server: dict[str, list[dict]] = {}
        for row in standing:
            by_server.setdefault(row["server"], []).append(row)
        wanted = None if references is None else set(references)
        return [
            _close_on(zone, address, rows, wanted) for address, rows in sorted(by_server.items())
        ]


def _close_on(
    zone: duckdb.DuckDBPyConnection, address: str, rows: list[dict], wanted: set[str] | None
) -> Closing:
    server = Server.at(address)
    gone, ended = [], 0
    try:
        with server.connect() as connection:
            if is_prepared(connection):
                over = {
                    name
                    for (name,) in connection.execute(
                        "select agreement from access.agreements where last_day < access.today()"
                    ).fetchall()
                }
                for row in rows:
                    reference, schema = row["agreement_reference"], row["schema_name"]
                    if schema in over or reference in (wanted or ()):
                        ended += close_agreement(connection, schema)
                        forget(zone, address, reference, schema)
                        gone.append(reference)
                ended += end_logins(connection, logins_ended(connection))
    except ServerError as error:
        return Closing(server.label, gone, ended, str(error))
    return Closing(server.label, gone, ended, None)
