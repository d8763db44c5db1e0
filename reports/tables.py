"""Tables and bars as plain data: pages and workbooks show the same ones."""

from dataclasses import dataclass, field
from datetime import date

NOTHING = "–"  # noqa: RUF001 (a dash is meant)
_SEVERITIES = {"error": "Error", "warning": "Warning", "info": "Note"}


@dataclass(frozen=True)
class Column:
    """One column: its heading, whether it holds numbers, its width in a workbook (characters)."""

    label: str
    numeric: bool = False
    width: int = 14


@dataclass(frozen=True)
class Table:
    """A table: `rows` are tuples of text, int, date, None or a list of text, one per column.

    `empty` is the sentence that stands in place of a table without rows.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: list[tuple] = field(default_factory=list)
    empty: str = "None."


@dataclass(frozen=True)
class Bar:
    """One bar of a chart of shares: `share` runs from 0 to 1."""

    label: str
    share: float
    text: str


def shown(value: object) -> str:
    """Return a value as pages show it: `1,234`, `10 July 2017`, a dash for None."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def percentage(part: int | None, whole: int | None) -> str | None:
    """Return a share as text, None of nothing; only the whole itself reads `100.0%`."""
    if not whole or part is None:
        return None
    tenths = round(1000 * part / whole)
    if part < whole:
        tenths = min(tenths, 999)
    return f"{tenths / 10:.1f}%"


def acceptance_bar(label: str, accepted: int, rows: int, on: date | None = None) -> Bar:
    """Return the bar of rows accepted out of all rows (more than none), with a date if given."""
    text = f"{accepted:,} of {rows:,} ({percentage(accepted, rows)})"
    return Bar(label, accepted / rows, f"{on.day} {on:%b %Y}: {text}" if on else text)


def severity_label(severity: str) -> str:
    """Return the word that readers see for a severity."""
    return _SEVERITIES.get(severity, severity)
