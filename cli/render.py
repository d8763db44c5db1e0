"""Query results as a table, as CSV or as JSON. Null and the empty text stay apart in all three."""

import json
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TextIO

Rows = Iterator[tuple]


def as_text(value: object) -> str | None:
    """Return a value as DuckDB would cast it to text; None stays None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict | list | tuple | bytes):
        plain = as_plain(value)
        return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    return str(value)


def as_plain(value: object) -> object:
    """Return a value as JSON knows it: dates as ISO text, decimals as numbers, NaN as null."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(name): as_plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(inner) for inner in value]
    return str(value)


def csv_field(text: str | None) -> str:
    """Return a CSV field: None is empty, the empty text is `""`, quotes are doubled."""
    if text is None:
        return ""
    if text == "" or any(mark in text for mark in '",\r\n'):
        return '"{}"'.format(text.replace('"', '""'))
    return text


def write_csv(names: list[str], rows: Rows, out: TextIO) -> None:
    """Write a header and rows as CSV with line feeds."""
    out.write(",".join(map(csv_field, names)) + "\n")
    for row in rows:
        out.write(",".join(csv_field(as_text(value)) for value in row) + "\n")


def write_json(names: list[str], rows: Rows, out: TextIO) -> None:
    """Write an array of objects, one a line; a repeated column name gets `_1`, `_2`, …"""
    keys = [
        f"{name}_{names[:place].count(name)}" if name in names[:place] else name
        for place, name in enumerate(names)
    ]
    mark = "[\n"
    for row in rows:
        record = dict(zip(keys, map(as_plain, row), strict=True))
        out.write(mark + json.dumps(record, ensure_ascii=False))
        mark = ",\n"
    out.write("[]\n" if mark == "[\n" else "\n]\n")


def write_table(names: list[str], rows: Rows, out: TextIO) -> None:
    """Write aligned columns, numbers to the right; line breaks within a cell show as `\\n`."""
    numeric = [True] * len(names)
    lines = []
    for row in rows:
        numeric = [
            right and (value is None or isinstance(value, int | float | Decimal))
            for right, value in zip(numeric, row, strict=True)
        ]
        lines.append([_cell(value) for value in row])
    widths = [
        max([len(name), *(len(line[place]) for line in lines)]) for place, name in enumerate(names)
    ]
    for line in (names, ["-" * width for width in widths], *lines):
        cells = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ]
        out.write("  ".join(cells).rstrip() + "\n")


def _cell(value: object) -> str:
    text = as_text(value)
    if not text:
        return "" if text is None else '""'
    return text.replace("\r", "\\r").replace("\n", "\\n")


WRITERS: dict[str, Callable[[list[str], Rows, TextIO], None]] = {
    "table": write_table,
    "csv": write_csv,
    "json": write_json,
}
