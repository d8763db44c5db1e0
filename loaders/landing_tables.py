"""The landing tables of submissions: made from the specification, filled through Arrow.

`submissions` has one row per workbook sheet, or one per file that was refused or a duplicate;
`submission_rows` one per worksheet row; `submission_columns` one per headed column of a sheet.
No constraint stands on them: a violated one would print the value.
"""

import datetime
from dataclasses import astuple, dataclass, fields

import duckdb
import pyarrow as pa

from loaders.sheets import SheetData
from loaders.specification import Field

SCHEMA = "identifiable.landing"

_SUBMISSIONS = f"""
create table if not exists {SCHEMA}.submissions (
    submission_id varchar, sender_la_code varchar, file_name varchar, file_sha256 varchar,
    sheet_name varchar, received_at timestamp, specification_version varchar, rows_read bigint,
    outcome varchar, reason varchar, sheet_position integer, header_row_number integer,
    file_bytes bigint, date_system varchar
)"""
_COLUMNS = f"""
create table if not exists {SCHEMA}.submission_columns (
    submission_id varchar, column_number integer, header varchar, field varchar,
    match_kind varchar
)"""


@dataclass(frozen=True)
class Submission:
    """One row of `submissions`, in the table's column order. `file_bytes` in bytes."""

    submission_id: str
    sender_la_code: str
    file_name: str
    file_sha256: str
    sheet_name: str | None
    received_at: datetime.datetime
    specification_version: str | None
    rows_read: int
    outcome: str
    reason: str | None
    sheet_position: int | None
    header_row_number: int | None
    file_bytes: int
    date_system: str | None


def prepare(connection: duckdb.DuckDBPyConnection, specification: list[Field]) -> None:
    """Make the tables that are not there, and the columns of fields that the seed has gained."""
    connection.execute(f"create schema if not exists {SCHEMA}")
    connection.execute(_SUBMISSIONS)
    connection.execute(_COLUMNS)
    names = [field.name for field in specification]
    columns = ", ".join(f'"{name}" varchar' for name in names)
    connection.execute(
        f"create table if not exists {SCHEMA}.submission_rows "
        f"(submission_id varchar, row_number bigint, {columns}, other_columns varchar)"
    )
    present = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'identifiable' "
        "and schema_name = 'landing' and table_name = 'submission_rows'"
    ).fetchall()
    for name in names:
        if (name,) not in present:
            connection.execute(f'alter table {SCHEMA}.submission_rows add column "{name}" varchar')


def recorded_files(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    """Return (sender, file name, sha256) of every file that landed, was a duplicate or refused."""
    return set(
        connection.execute(
            f"select distinct sender_la_code, file_name, file_sha256 from {SCHEMA}.submissions"
        ).fetchall()
    )


def landed_contents(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """Return (sender, sha256) -> id of the first sheet's submission, for what has landed."""
    rows = connection.execute(
        f"select sender_la_code, file_sha256, min_by(submission_id, sheet_position) "
        f"from {SCHEMA}.submissions where outcome = 'landed' group by all"
    ).fetchall()
    return {(sender, sha256): submission_id for sender, sha256, submission_id in rows}


def add_submission(connection: duckdb.DuckDBPyConnection, submission: Submission) -> None:
    """Add one row to `submissions`."""
    names = ", ".join(field.name for field in fields(Submission))
    marks = ", ".join("?" for _ in fields(Submission))
    connection.execute(
        f"insert into {SCHEMA}.submissions ({names}) values ({marks})", list(astuple(submission))
    )


def add_records(connection: duckdb.DuckDBPyConnection, submission_id: str, data: SheetData) -> None:
    """Add a sheet's rows and columns. Fields without a column in the sheet are null."""
    rows = pa.table(
        {
            "submission_id": _constant(submission_id, data.rows),
            "row_number": pa.array(data.row_numbers, pa.int64()),
            **{name: pa.array(cells, pa.string()) for name, cells in data.columns.items()},
            "other_columns": pa.array(data.other_columns, pa.string()),
        }
    )
    headed = data.header.columns
    columns = pa.table(
        {
            "submission_id": _constant(submission_id, len(headed)),
            "column_number": pa.array([c.index + 1 for c in headed], pa.int32()),
            "header": pa.array([c.header for c in headed], pa.string()),
            "field": pa.array([c.field for c in headed], pa.string()),
            "match_kind": pa.array([c.match_kind for c in headed], pa.string()),
        }
    )
    _insert(connection, "submission_rows", rows)
    _insert(connection, "submission_columns", columns)


def _constant(value: str, length: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, pa.string()), length)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    connection.register("landing_rows", rows)
    try:
        connection.execute(f"insert into {SCHEMA}.{table} by name select * from landing_rows")
    finally:
        connection.unregister("landing_rows")
