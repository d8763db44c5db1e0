"""The landing tables of submissions: made from the specification, filled through Arrow.

`submissions` has one row per workbook sheet, or one per file that was refused or a duplicate;
`submission_rows` one per worksheet row; `submission_columns` one per headed column of a sheet.
No constraint stands on them: a violated one would print the value.
"""

import datetime
from dataclasses import astuple, dataclass, fields

import duckdb
import pyarrow as pa

from loaders.blocks import text_array
from loaders.headers import Header
from loaders.sheets import Records
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


def add_records(
    connection: duckdb.DuckDBPyConnection, submission_id: str, records: Records
) -> None:
    """Add some rows of a sheet. Fields without a column in the sheet are null."""
    rows = pa.table(
        {
            "row_number": pa.array(records.row_numbers, pa.int64()),
            **records.columns,
            "other_columns": text_array(records.other_columns),
        }
    )
    # Blank cells are stored as null, never as an empty text.
    texts = ", ".join(f'nullif("{name}", \'\') as "{name}"' for name in rows.column_names[1:])
    _insert(connection, "submission_rows", rows, f"row_number, {texts}", submission_id)


def add_columns(connection: duckdb.DuckDBPyConnection, submission_id: str, header: Header) -> None:
    """Add a sheet's headed columns."""
    headed = header.columns
    columns = pa.table(
        {
            "column_number": pa.array([c.index + 1 for c in headed], pa.int32()),
            "header": text_array([c.header for c in headed]),
            "field": text_array([c.field for c in headed]),
            "match_kind": text_array([c.match_kind for c in headed]),
        }
    )
    _insert(connection, "submission_columns", columns, "*", submission_id)


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: pa.Table,
    selected: str,
    submission_id: str,
) -> None:
    connection.register("landing_rows", rows)
    try:
        connection.execute(
            f"insert into {SCHEMA}.{table} by name "
            f"select ? as submission_id, {selected} from landing_rows",
            [submission_id],
        )
    finally:
        connection.unregister("landing_rows")
