"""Small readings of a database's catalogue, and names written safely into SQL."""

from dataclasses import dataclass

import duckdb

ZONE = "pseudonymised"


@dataclass(frozen=True)
class Column:
    """One column as the catalogue describes it; `comment` is None where there is none."""

    name: str
    data_type: str
    comment: str | None


def identifier(name: str) -> str:
    """Return a name as a quoted SQL identifier: `a"b` becomes `"a""b"`."""
    return '"{}"'.format(name.replace('"', '""'))


def literal(text: str) -> str:
    """Return a text as a SQL literal: `it's` becomes `'it''s'`."""
    return "'{}'".format(text.replace("'", "''"))


def tables(connection: duckdb.DuckDBPyConnection, database: str, schema: str) -> list[str]:
    """Return the names of the tables (not views) of a schema, sorted; [] where there is none."""
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = ? "
        "order by table_name",
        [database, schema],
    ).fetchall()
    return [name for (name,) in rows]


def columns(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str
) -> list[Column]:
    """Return the columns of a table from left to right; [] where there is no such table."""
    rows = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() where database_name = ? "
        "and schema_name = ? and table_name = ? order by column_index",
        [database, schema, table],
    ).fetchall()
    return [Column(*row) for row in rows]


def table_comment(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str
) -> str | None:
    """Return the comment of a table, or None."""
    rows = connection.execute(
        "select comment from duckdb_tables() where database_name = ? and schema_name = ? "
        "and table_name = ?",
        [database, schema, table],
    ).fetchall()
    return rows[0][0] if rows else None


def records(connection: duckdb.DuckDBPyConnection, query: str, values: list | None = None) -> list:
    """Run a query and return its rows as dictionaries, column name to value."""
    result = connection.execute(query, values or [])
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
