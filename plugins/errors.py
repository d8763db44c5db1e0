"""Database error texts without values: what is printed or logged must not hold an identifier."""

import re

import duckdb

# Raised while a statement is read and bound: they quote SQL and names, never a row's values.
_PLANNING_ERRORS = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ParserException,
    duckdb.PermissionException,
    duckdb.TransactionException,
    duckdb.NotImplementedException,
)
_SOURCE_COLUMN = re.compile(r"from source column (\w+)")
_FIRST_DATUM = re.compile(r"[\"'`\d\n]")


def without_values(error: Exception) -> str:
    """Return the text of a DuckDB error with every value withheld.

    A planning error is kept whole. Of any other only the words before the first quotation mark,
    digit or line break stay, and the name of the source column where DuckDB gives it: the rest of
    such a text can be a cell of somebody's record.
    """
    text = str(error)
    if isinstance(error, _PLANNING_ERRORS):
        return text
    cut = _FIRST_DATUM.search(text)
    if cut is None:
        return text
    column = _SOURCE_COLUMN.search(text)
    where = f" in column {column[1]}" if column else ""
    return f"{text[: cut.start()].rstrip(' :(')}: value withheld{where}."
