"""Reads extract files by DuckDB: a relation of text columns, streamed, verbatim."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from loaders.extract_contracts import Contract
from loaders.refusals import Refused

_CHUNK = 1 << 22
_LONGEST_HEADER = 1 << 20
_PARQUET_MAGIC = b"PAR1"

TWO_FILES = "Both a .parquet and a .csv file are there: leave only the one that is meant."
NO_CONTENT = "The extract is empty (0 bytes): send it again."
NOT_PARQUET = "The extract is not a whole Parquet file: send it again, or send it as CSV."
NOT_UTF8 = "The header is not UTF-8 text in CSV form: save the extract as CSV in UTF-8."
WRONG_WIDTH = "The file has too few columns for its layout: check that it is the right file."
BROKEN = (
    "The rows could not be read as the header promises: check quoting, column counts and UTF-8, "
    "and send the extract again."
)


@dataclass(frozen=True)
class ExtractSource:
    """A SELECT (with one parameter, the file's path) that gives a contract's columns as text."""

    query: str
    parameters: list[str]
    columns_ignored: int


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, hex, reading it in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def find_files(inbox: Path, contract: Contract) -> list[Path]:
    """Return the files under which the extract has come."""
    folder = inbox / contract.folder
    paths = [folder / f"{contract.file}.{suffix}" for suffix in contract.formats]
    return [path for path in paths if path.is_file()]


def find_file(inbox: Path, contract: Contract) -> Path | None:
    """Return the extract's file, None when it has not come; refuse two of them."""
    found = find_files(inbox, contract)
    if len(found) > 1:
        raise Refused(TWO_FILES)
    return found[0] if found else None


def source_of(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> ExtractSource:
    """Check a file against its contract and return how to select from it."""
    if path.stat().st_size == 0:
        raise Refused(NO_CONTENT)
    if path.suffix == ".parquet":
        return _parquet_source(connection, path, contract)
    return _csv_source(path, contract)


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _by_position(contract: Contract, names: list[str]) -> dict[str, int]:
    """Return the contract's columns found in a file: column -> position; refuse missing ones."""
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        positions.setdefault(name.strip().lower(), position)
    missing = [c for c in contract.columns if c in contract.required and c not in positions]
    if missing:
        raise Refused(
            f"The extract lacks the column(s) {', '.join(missing)}: add them and send it again."
        )
    return {column: positions[column] for column in contract.columns if column in positions}


def _query(contract: Contract, expressions: dict[str, str], reader: str) -> str:
    selected = ", ".join(
        f"nullif({expressions[column]}, '') as {column}"
        if column in expressions
        else f"cast(null as varchar) as {column}"
        for column in contract.columns
    )
    return f"select {selected} from {reader}"


def _csv_source(path: Path, contract: Contract) -> ExtractSource:
    try:
        with path.open("rb") as file:
            line = file.readline(_LONGEST_HEADER).decode("utf-8-sig")
        first = next(csv.reader([line], strict=True))
    except (UnicodeDecodeError, csv.Error, StopIteration) as error:
        raise Refused(NOT_UTF8) from error
    if contract.has_header:
        positions = _by_position(contract, first)
        width = len(first)
    else:
        if len(first) < len(contract.columns):
            raise Refused(WRONG_WIDTH)
        width = len(first)
        positions = {column: index for index, column in enumerate(contract.columns)}
    names = [f"c{index}" for index in range(width)]
    columns = ", ".join(f"'{name}': 'varchar'" for name in names)
    reader = (
        f"read_csv(?, columns = {{{columns}}}, auto_detect = false, "
        f"header = {str(contract.has_header).lower()}, delim = ',', quote = '\"', escape = '\"', "
        "nullstr = '', hive_partitioning = false)"
    )
    expressions = {column: names[index] for column, index in positions.items()}
    return ExtractSource(
        query=_query(contract, expressions, reader),
        parameters=[str(path)],
        columns_ignored=width - len(positions),
    )


def _parquet_source(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> ExtractSource:
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(-min(4, path.stat().st_size), 2)
        tail = file.read(4)
    if head != _PARQUET_MAGIC or tail != _PARQUET_MAGIC:
        raise Refused(NOT_PARQUET)
    reader = "read_parquet(?, hive_partitioning = false)"
    location = str(path)
    try:
        described = connection.execute(f"describe select * from {reader}", [location]).fetchall()
    except duckdb.Error as error:
        raise Refused(NOT_PARQUET) from error
    names = [row[0] for row in described]
    positions = _by_position(contract, names)
    expressions = {
        column: _text_expression(_quoted(names[index]), described[index][1])
        for column, index in positions.items()
    }
    return ExtractSource(
        query=_query(contract, expressions, reader),
        parameters=[location],
        columns_ignored=len(names) - len(positions),
    )


def _text_expression(column: str, data_type: str) -> str:
    """Return SQL for a column as text: the same text that a CSV of the extract would hold.

    Timestamps to the second, in UTC where they carry a zone; whole floating-point numbers without
    `.0`, since a column of whole numbers with gaps is often written as floating point.
    """
    if data_type == "VARCHAR":
        return column
    if data_type in ("FLOAT", "DOUBLE"):
        whole = f"{column} = trunc({column}) and abs({column}) < 1e15"
        return (
            f"case when {whole} then cast(cast({column} as bigint) as varchar) "
            f"else cast({column} as varchar) end"
        )
    if data_type == "TIMESTAMP WITH TIME ZONE":
        column = f"make_timestamp(epoch_us({column}))"
    if data_type.startswith("TIMESTAMP"):
        return f"strftime({column}, '%Y-%m-%d %H:%M:%S')"
    return f"cast({column} as varchar)"
