"""Lands the extracts (person index, health, reference): each table replaced as a whole, or not.

A table changes only when the content's SHA-256 differs from the recorded one. Everything is done
by DuckDB in one statement, streaming: the person index may have 60 million rows.
"""

from pathlib import Path

import duckdb

from loaders.extract_contracts import CONTRACTS, Contract
from loaders.extract_files import BROKEN, find_file, sha256_of, source_of
from loaders.landing_tables import SCHEMA
from loaders.refusals import Refused
from loaders.report import LandedExtract, LandingReport, RefusedFile

# Raised by the content of a file; any other database error is not the file's fault.
_CONTENT_ERRORS = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.SerializationException,
)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are not there, empty: what reads them works before any extract comes."""
    connection.execute(f"create schema if not exists {SCHEMA}")
    connection.execute(
        f"create table if not exists {SCHEMA}.extracts "
        "(extract varchar, file_sha256 varchar, rows_read bigint, outcome varchar, reason varchar)"
    )
    for contract in CONTRACTS:
        columns = ", ".join(f"{column} varchar" for column in contract.columns)
        connection.execute(f"create table if not exists {contract.table} ({columns})")


def land_extract(
    connection: duckdb.DuckDBPyConnection, inbox: Path, contract: Contract, report: LandingReport
) -> None:
    """Land one extract if it has come and is new; count it in the report."""
    sha256 = None
    try:
        path = find_file(inbox, contract)
        if path is None:
            return
        sha256 = sha256_of(path)
        if _is_recorded(connection, contract, sha256):
            report.extracts_already_there += 1
            return
        report.extracts_landed.append(_replace(connection, path, contract, sha256))
    except Refused as refusal:
        _record(connection, contract, sha256, 0, "refused", refusal.sentence)
        report.extracts_refused += 1
        report.refusals.append(RefusedFile(None, None, f"{contract.name}: {refusal.sentence}"))


def _is_recorded(connection: duckdb.DuckDBPyConnection, contract: Contract, sha256: str) -> bool:
    """Tell whether this content is what the table holds, or was the last to be refused."""
    found = connection.execute(
        f"select 1 from {SCHEMA}.extracts where extract = ? and file_sha256 = ?",
        [contract.name, sha256],
    ).fetchall()
    return bool(found)


def _replace(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, sha256: str
) -> LandedExtract:
    source = source_of(connection, path, contract)
    connection.execute("begin")
    try:
        rows = connection.execute(
            f"create or replace table {contract.table} as {source.query}", source.parameters
        ).fetchall()[0][0]
        _record(connection, contract, sha256, rows, "landed", None)
    except _CONTENT_ERRORS as error:
        connection.execute("rollback")
        raise Refused(BROKEN) from error
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
    return LandedExtract(contract.name, rows, source.columns_ignored)


def _record(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    sha256: str | None,
    rows: int,
    outcome: str,
    reason: str | None,
) -> None:
    """Record what has become of an extract: one row for what landed, one for the last refusal.

    Landing forgets the refusal. A refusal without content (two files) is not recorded, so that the
    next run looks again.
    """
    if sha256 is None:
        return
    table = f"{SCHEMA}.extracts"
    connection.execute(
        f"delete from {table} where extract = ? and (outcome = ? or ? = 'landed')",
        [contract.name, outcome, outcome],
    )
    connection.execute(
        f"insert into {table} values (?, ?, ?, ?, ?)",
        [contract.name, sha256, rows, outcome, reason],
    )
