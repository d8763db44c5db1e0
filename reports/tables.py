"""Tables as plain data: pages and workbooks show the same ones."""

from dataclasses import dataclass, field
from datetime import date

NOTHING = "–"  # noqa: RUF001 (a dash is meant)
_MINUS = "−"  # noqa: RUF001 (a minus sign is meant)
_SEVERITIES = {"error": "Error", "warning": "Warning", "info": "Note"}


@dataclass(frozen=True)
class Column:
    """One column: its heading, whether it holds numbers, its width in a workbook (characters)."""

    label: str
    numeric: bool = False
    width: int = 14


@dataclass(frozen=True)
class Link:
    """A text that leads to another page in the same folder; plain text in a workbook."""

    text: str
    target: str

    def __str__(self) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True)
class Tag:
    """A short word that pages colour by its kind: `good`, `bad`, `warning` or `plain`."""

    text: str
    kind: str = "plain"

    def __str__(self) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True)
class Table:
    """A table: `rows` are tuples of text (or `Markup`), int, date, Link, Tag, None or lists.

    `empty` is the sentence that stands in place of a table without rows.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: list[tuple] = field(default_factory=list)
    empty: str = "None."


def shown(value: object) -> str:
    """Return a value as pages show it: `1,234`, `10 July 2017`, a dash for None."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return value if isinstance(value, str) else str(value)


def percentage(part: int | None, whole: int | None) -> str | None:
    """Return a share as text, None of nothing; only the whole itself reads `100.0%`."""
    if not whole or part is None:
        return None
    tenths = round(1000 * part / whole)
    if part < whole:
        tenths = min(tenths, 999)
    return f"{tenths / 10:.1f}%"


def change(now: int | None, before: int | None) -> str | None:
    """Return a difference as text: `+12`, `−3`, `0`; None where either is unknown."""  # noqa: RUF002
    if now is None or before is None:
        return None
    difference = now - before
    if difference == 0:
        return "0"
    return f"{'+' if difference > 0 else _MINUS}{abs(difference):,}"


def severity_label(severity: str) -> str:
    """Return the word that readers see for a severity."""
    return _SEVERITIES.get(severity, severity)


def severity_tag(severity: str) -> Tag:
    """Return a severity as pages show it."""
    kinds = {"error": "bad", "warning": "warning"}
    return Tag(severity_label(severity), kinds.get(severity, "plain"))
