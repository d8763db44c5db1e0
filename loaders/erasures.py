"""Erasure: a council has the records of a person taken out, and they stay out.

What is kept is the least that keeps them out: council and identifier, in the identifiable zone, and
which rows of which worksheets are gone. A workbook that lands later loses the same persons' rows.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from loaders import trace_files
from loaders.specification import Field, read_fields

SCHEMA = "identifiable.landing"
PERSON = "la_person_unique_identifier"
# Fields in which somebody else's row names the person.
LINKED = "_linked_person_id"

_TABLES = (
    f"""create table if not exists {SCHEMA}.erasures (
        erasure_id varchar, la_code varchar, recorded_at timestamp, reason varchar)""",
    f"""create table if not exists {SCHEMA}.persons_erased (
        erasure_id varchar, la_code varchar, {PERSON} varchar)""",
)


@dataclass(frozen=True)
class Erased:
    """What an erasure took out: of `persons` given, how many rows of the council's worksheets."""

    erasure_id: str | None
    persons: int
    rows: int


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are not there. `rows_erased` stands in every identifiable zone."""
    for table in _TABLES:
        connection.execute(table)


def councils_with_erasures(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the councils that have had somebody erased."""
    prepare(connection)
    rows = connection.execute(f"select distinct la_code from {SCHEMA}.persons_erased").fetchall()
    return {la_code for (la_code,) in rows}


def recorded(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Return every erasure: id, council, reason; oldest first."""
    prepare(connection)
    return connection.execute(
        f"select erasure_id, la_code, reason from {SCHEMA}.erasures order by recorded_at"
    ).fetchall()


def erase(
    connection: duckdb.DuckDBPyConnection, la_code: str, persons: Iterable[str], reason: str
) -> Erased:
    """Take out all that a council sent about persons, in one transaction; safe to repeat.

    `persons` are the council's own identifiers. Blanks around and inside them count as in the
    checks of workbooks. Nothing is recorded when all of them were erased before.
    """
    prepare(connection)
    connection.execute("begin")
    try:
        known = {
            person
            for (person,) in connection.execute(
                f"select {PERSON} from {SCHEMA}.persons_erased where la_code = ?", [la_code]
            ).fetchall()
        }
        asked = {
            cleaned
            for person in persons
            if (cleaned := connection.execute(f"select {_plain('$1')}", [person]).fetchone()[0])
        }
        new, erasure_id = sorted(asked - known), None
        if new:
            number = connection.execute(f"select count(*) + 1 from {SCHEMA}.erasures").fetchone()[0]
            erasure_id = f"E{number:04d}"
            now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
            connection.execute(
                f"insert into {SCHEMA}.erasures values (?, ?, ?, ?)",
                [erasure_id, la_code, now, reason],
            )
            connection.executemany(
                f"insert into {SCHEMA}.persons_erased values (?, ?, ?)",
                [[erasure_id, la_code, person] for person in new],
            )
        rows = take_out(connection, la_code, read_fields())
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return Erased(erasure_id, len(asked), rows)


def take_out(connection: duckdb.DuckDBPyConnection, la_code: str, fields: list[Field]) -> int:
    """Take the rows of erased persons out of what a council sent; return how many there were."""
    connection.execute(
        "create or replace temporary table rows_to_erase as "
        "select persons.erasure_id, landed.submission_id, landed.row_number "
        f"from {SCHEMA}.submission_rows as landed "
        f"inner join {SCHEMA}.submissions as submissions "
        "on landed.submission_id = submissions.submission_id "
        f"inner join {SCHEMA}.persons_erased as persons "
        "on submissions.sender_la_code = persons.la_code "
        f"and {_plain(f'landed.{PERSON}')} = persons.{PERSON} where persons.la_code = ?",
        [la_code],
    )
    connection.execute(f"insert into {SCHEMA}.rows_erased by name from rows_to_erase")
    connection.execute(
        f"delete from {SCHEMA}.submission_rows as landed using rows_to_erase as erased "
        "where landed.submission_id = erased.submission_id "
        "and landed.row_number = erased.row_number"
    )
    (rows,) = connection.execute("select count(*) from rows_to_erase").fetchone()
    connection.execute("drop table rows_to_erase")
    erased = f"select {PERSON} from {SCHEMA}.persons_erased where la_code = $1"
    for name in (field.name for field in fields if field.name.endswith(LINKED)):
        connection.execute(
            f"update {SCHEMA}.submission_rows set {name} = null "
            f"where {_plain(name)} in ({erased}) and submission_id in "
            f"(select submission_id from {SCHEMA}.submissions where sender_la_code = $1)",
            [la_code],
        )
    trace_files.prepare(connection)
    connection.execute(
        f"delete from {trace_files.TABLE} where unique_reference in "
        f"(select la_code || '{trace_files.SEPARATOR}' || {PERSON} "
        f"from {SCHEMA}.persons_erased where la_code = ?)",
        [la_code],
    )
    return rows


def _plain(column: str) -> str:
    """Return SQL that reads an identifier as the checks do: blanks of any kind as one, or none."""
    return (
        f"trim(regexp_replace({column}, "
        r"'[\s\x{00A0}\x{2000}-\x{200D}\x{202F}\x{3000}\x{FEFF}]+', ' ', 'g'))"
    )
