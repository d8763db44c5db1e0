"""What the server must be before anything is published to it, and what nobody may do on it."""

import psycopg
from psycopg import sql

from release.server.connection import Server, ServerRefused

_OLDEST = 150000
_SAFE_OVER_TLS = {"scram-sha-256", "cert", "reject"}
_SAFE_LOCALLY = {"peer", "scram-sha-256", "reject"}
# Functions that PostgreSQL leaves to everybody and that write (large objects, messages into the log
# of changes) or tell what others have (sizes, statistics, memberships, settings).
_REVOKED_FUNCTIONS = (
    r"^(lo_.*|loread|lowrite|pg_logical_emit_message|pg_stat_get_.*|pg_(relation|table|indexes"
    r"|total_relation|database|tablespace)_size|pg_relation_filenode|pg_relation_filepath)$"
)
_REVOKED_VIEWS = (
    r"^(pg_stat_.*|pg_statio_.*|pg_locks|pg_prepared_xacts|pg_largeobject_metadata"
    r"|pg_auth_members|pg_db_role_setting)$"
)

_STANDING = """
create schema if not exists access;
create table if not exists access.agreements (
    agreement name primary key, first_day date not null, last_day date not null,
    closed boolean not null, private_schema name not null, release_id text not null,
    published_at timestamptz not null
);
create table if not exists access.logins (
    login name primary key, agreement name not null, last_day date not null
);
create table if not exists access.publishing (one boolean primary key);
create or replace function access.today() returns date
language sql stable as $$ select (clock_timestamp() at time zone 'Europe/London')::date $$;
create or replace function access.in_force(asked text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (
        select from access.agreements
        where agreement = asked and not closed
            and access.today() between first_day and last_day
            and pg_has_role(session_user, agreement, 'member')
    )
$$;
create or replace function access.is_current(asked text, schema_name text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (
        select from access.agreements where agreement = asked and private_schema = schema_name
    )
$$;
"""


def require_safe(connection: psycopg.Connection, server: Server) -> None:
    """Refuse a server that is too old, lets sessions in without TLS or SCRAM, or obeys us not."""
    found = objections(connection)
    if found:
        raise ServerRefused(f"The server {server.label} is not safe: " + "; ".join(found) + ".")


def objections(connection: psycopg.Connection) -> list[str]:
    """Return what speaks against the server, one phrase each; [] for nothing."""
    ask = _asker(connection)
    found = []
    if int(ask("show server_version_num")) < _OLDEST:
        found.append("it is older than PostgreSQL 15")
    if not ask("select rolsuper from pg_roles where rolname = current_user"):
        return [*found, "the login that publishes is not its administrator"]
    if ask("show ssl") != "on":
        found.append("TLS is off")
    if ask("show password_encryption") != "scram-sha-256":
        found.append("password_encryption is not scram-sha-256")
    rules = connection.execute(
        "select line_number, type, auth_method, error is not null from pg_hba_file_rules "
        "where error is not null or database && array['all', current_database()::text, "
        "'sameuser', 'samerole', 'samegroup']"
    ).fetchall()
    for line, kind, method, broken in rules:
        where = f"line {line} of pg_hba.conf"
        if broken:
            found.append(f"{where} cannot be read")
        elif kind == "local":
            if method not in _SAFE_LOCALLY:
                found.append(f"{where} lets local sessions in by {method}")
        elif kind == "hostssl":
            if method not in _SAFE_OVER_TLS:
                found.append(f"{where} lets sessions in by {method}")
        elif method != "reject":
            found.append(f"{where} lets sessions in without TLS")
    return found


def harden(connection: psycopg.Connection) -> None:
    """Make the standing tables, and take from everybody what PostgreSQL gives to everybody."""
    database = sql.Identifier(_asker(connection)("select current_database()"))
    with connection.transaction():
        connection.execute(_STANDING)
        for statement in (
            "revoke all on database {0} from public",
            "revoke all on schema public from public",
            "revoke all on schema access from public",
            "revoke all on all functions in schema access from public",
            "revoke usage on language plpgsql from public",
        ):
            connection.execute(sql.SQL(statement).format(database))
        _revoke(
            connection,
            "revoke execute on function {} from public",
            "select oid::regprocedure::text from pg_proc where "
            "pronamespace = 'pg_catalog'::regnamespace and proname ~ %s "
            "and has_function_privilege('public', oid, 'execute')",
            _REVOKED_FUNCTIONS,
        )
        _revoke(
            connection,
            "revoke select on {} from public",
            "select oid::regclass::text from pg_class where "
            "relnamespace = 'pg_catalog'::regnamespace and relname ~ %s "
            "and has_table_privilege('public', oid, 'select')",
            _REVOKED_VIEWS,
        )


def audited_by(connection: psycopg.Connection) -> str:
    """Return `pgaudit` where the server has loaded it, else `log_statement`."""
    loaded = _asker(connection)("show shared_preload_libraries")
    if "pgaudit" not in [name.strip() for name in loaded.split(",")]:
        return "log_statement"
    connection.execute("create extension if not exists pgaudit")
    return "pgaudit"


def _revoke(connection: psycopg.Connection, statement: str, listing: str, pattern: str) -> None:
    """Run a statement on all names that a listing gives; PostgreSQL has quoted the names."""
    names = [sql.SQL(name) for (name,) in connection.execute(listing, [pattern]).fetchall()]
    if names:
        connection.execute(sql.SQL(statement).format(sql.SQL(", ").join(names)))


def _asker(connection: psycopg.Connection):
    def ask(query: str):
        return connection.execute(query).fetchone()[0]

    return ask
