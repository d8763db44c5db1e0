"""A small released warehouse with analysts, and sessions as they would open them."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from own_postgres import OwnPostgres
from small_warehouse import IN_FORCE, SECOND, TODAY, make_warehouse

from plugins import zones
from plugins.home import Home
from plugins.keys import KeyRing
from release.run import release

A, B, PROCESSOR, SHORT = "analyst_a1", "analyst_b1", "analyst_a2", "analyst_a3"
_REGISTER = """
create table pseudonymised.reference.analysts (
    login_name varchar, agreement_reference varchar, organisation_code varchar,
    valid_from date, valid_to date);
create table pseudonymised.reference.recipient_keys (
    organisation_code varchar, public_key varchar, valid_from date, valid_to date,
    checked_by varchar);
create table pseudonymised.reference.server_policy as select * from (values
    ('statement_timeout_seconds', 20), ('idle_in_transaction_timeout_seconds', 30),
    ('connections_per_login', 25), ('temporary_file_limit_megabytes', 64),
    ('swap_lock_milliseconds', 200), ('swap_attempts', 100)) as t (parameter, value);
"""


@dataclass(frozen=True)
class Standing:
    """A warehouse whose releases stand on the server; tests of it change neither."""

    home: Home
    database: str
    names: dict  # everything that an analyst of A could guess or read in the catalogue of B


def make_published_warehouse(root: Path) -> Home:
    """A released warehouse: logins of two agreements, one of a processor, one for a short time."""
    home = make_warehouse(root)
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        connection.execute(_REGISTER)
        for row in (
            (A, IN_FORCE, "306", None),
            (PROCESSOR, IN_FORCE, "X2C4Y", None),
            (SHORT, IN_FORCE, "306", TODAY + timedelta(days=2)),
            (B, SECOND, "306", None),
        ):
            add_analyst(connection, *row)
    release(home)
    return home


def add_analyst(connection, login: str, reference: str, organisation: str, valid_to=None) -> None:
    """Put a login into the register."""
    connection.execute(
        "insert into pseudonymised.reference.analysts values (?, ?, ?, null, ?)",
        [login, reference, organisation, valid_to],
    )


def session(postgres: OwnPostgres, home: Home, address: str, login: str) -> psycopg.Connection:
    """A session of an analyst, by the password that the key ring derives."""
    password = KeyRing(home.keys).analyst_password(login)
    return postgres.connect(dbname_of(address), login, password)


def dbname_of(address: str) -> str:
    """Name of the database in an address."""
    return address.partition("?")[0].rpartition("/")[2]


def schema_of(home: Home, reference: str) -> str:
    """Name of an agreement's schema and group role."""
    return KeyRing(home.keys).server_name(reference)
