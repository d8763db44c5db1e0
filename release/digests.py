"""Digests of files and of tables: the same rows give the same hash, whatever file they stand in."""

import hashlib
from pathlib import Path

import duckdb

from release.catalogue import Column, columns, identifier

TOKEN_COLUMN = "person_pseudonym"  # noqa: S105 (a column's name)
_BATCH = 20_000
_CHUNK = 1 << 20


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hex."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def row_order(listed: list[Column]) -> str:
    """Return the `order by` list of a table: the token first, then the others from the left."""
    names = sorted((column.name for column in listed), key=lambda name: name != TOKEN_COLUMN)
    return ", ".join(f"{identifier(name)} asc nulls last" for name in names)


def table_digest(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str
) -> tuple[int, str]:
    """Return the number of rows and the SHA-256 of a table's rows as CSV.

    The CSV is what DuckDB writes with `copy (from t order by …) to 'f.csv' (header)`: UTF-8, a
    header, line feeds, null as an empty field, the empty text as `""`, rows in `row_order`. It is
    made in memory, batch by batch, and never written. Errors: `duckdb.Error` for a table that
    cannot be read.
    """
    listed = columns(connection, database, schema, table)
    digest = hashlib.sha256()
    digest.update((",".join(_quoted(column.name) for column in listed) + "\n").encode())
    line = "concat_ws(',', " + ", ".join(_field(column) for column in listed) + ")"
    source = ".".join(identifier(name) for name in (database, schema, table))
    reader = connection.execute(
        f"select {line} as line from {source} order by {row_order(listed)}"
    ).to_arrow_reader(_BATCH)
    rows = 0
    for batch in reader:
        lines = batch.column(0).to_pylist()
        rows += len(lines)
        if lines:
            digest.update(("\n".join(lines) + "\n").encode())
    return rows, digest.hexdigest()


def _quoted(text: str) -> str:
    special = text == "" or any(mark in text for mark in '",\r\n#')
    return '"{}"'.format(text.replace('"', '""')) if special else text


def _field(column: Column) -> str:
    name = identifier(column.name)
    text = f"{name}::varchar"
    return (
        f"case when {name} is null then '' "
        f"when {text} = '' or regexp_matches({text}, '[\",\\r\\n#]') "
        f"then '\"' || replace({text}, '\"', '\"\"') || '\"' else {text} end"
    )
