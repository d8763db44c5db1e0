"""A fingerprint of the code that traces: answers of other code are not used again."""

import hashlib
from pathlib import Path

import duckdb

_FOLDERS = ("models/staging/person_index", "models/intermediate/identifiable/tracing", "macros")


def fingerprint(project: Path) -> str:
    """SHA-256 over the models of the trace, all macros, and the version of the database."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for folder in _FOLDERS:
        for path in sorted((project / folder).rglob("*.sql")):
            digest.update(b"\0" + str(path.relative_to(project)).encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def record(connection: duckdb.DuckDBPyConnection, project: Path) -> None:
    """Put the fingerprint of a project's code into the identifiable zone, where models read it."""
    table, found = "identifiable.kept.trace_code", fingerprint(project)
    if connection.execute(f"select fingerprint from {table}").fetchall() != [(found,)]:
        connection.execute(f"create or replace table {table} as select ? as fingerprint", [found])
