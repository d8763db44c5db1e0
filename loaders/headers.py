"""Finds the header row of a worksheet and matches its cells to the specification's fields.

Example: `NHS  number` is the field nhs_number (`normalised`), `Route of Access` is
request_route_of_access (`alias`), `Ward` is `unknown`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from loaders.specification import Field

HEADER_SEARCH_ROWS = 50
MINIMUM_FIELDS = 4
# A lookup sheet may repeat some headers; a sheet of records says whose or what each record is.
RECORD_FIELDS = frozenset({"la_person_unique_identifier", "event_type"})

_MATCH_ORDER = ("exact", "normalised", "alias")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")


def normalised(header: str) -> str:
    """Return a header without case, spaces, line breaks and punctuation: `LA Code ` -> `lacode`."""
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", header).lower())


def column_letters(index: int) -> str:
    """Return Excel's letters for a 0-based column: 0 -> `A`, 27 -> `AB`."""
    letters = ""
    number = index + 1
    while number:
        number, remainder = divmod(number - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


@dataclass(frozen=True)
class Column:
    """One headed column of a sheet. `match_kind`: exact, normalised, alias, unknown, duplicate."""

    index: int
    header: str
    field: str | None
    match_kind: str

    @property
    def is_field(self) -> bool:
        """Whether the column's cells land in the field's own column."""
        return self.field is not None and self.match_kind != "duplicate"


@dataclass(frozen=True)
class Header:
    """The header row of a data sheet: its number in the worksheet and its columns."""

    row_number: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> dict[str, int]:
        """Field -> 0-based index of the column that holds it."""
        return {c.field: c.index for c in self.columns if c.field and c.is_field}

    @property
    def other_names(self) -> dict[int, str]:
        """0-based index -> name under which a column's cells go to `other_columns`.

        The header; `header [letter]` for a duplicate or for a header that is there twice.
        """
        names: dict[int, str] = {}
        taken: set[str] = set()
        for column in self.columns:
            if column.is_field:
                continue
            name = column.header
            if column.match_kind == "duplicate":
                name = f"{name} [{column_letters(column.index)}]"
            while name in taken:
                name = f"{name} [{column_letters(column.index)}]"
            taken.add(name)
            names[column.index] = name
        return names


class HeaderMatcher:
    """Matches headers to the fields of the specification."""

    def __init__(self, fields: list[Field]) -> None:
        """Index the fields' headers, names and aliases."""
        self._exact = {
            header: field.name
            for field in fields
            for header in (field.header, *dict(field.version_headers).values())
        }
        self._normalised: dict[str, str] = {}
        self._alias: dict[str, str] = {}
        for field in fields:
            for form in (field.header, field.name, *dict(field.version_headers).values()):
                self._normalised.setdefault(normalised(form), field.name)
            for alias in field.aliases:
                self._alias.setdefault(normalised(alias), field.name)

    def match(self, header: str) -> tuple[str | None, str]:
        """Return (field, match kind) of one header."""
        if header in self._exact:
            return self._exact[header], "exact"
        form = normalised(header)
        if form in self._normalised:
            return self._normalised[form], "normalised"
        if form in self._alias:
            return self._alias[form], "alias"
        return None, "unknown"

    def columns(self, cells: list[str | None]) -> tuple[Column, ...]:
        """Match a row of headers. Of several columns of one field the best, then leftmost, wins."""
        matched = [
            (index, header, *self.match(header))
            for index, header in enumerate(cells)
            if header and header.strip()
        ]
        winners: dict[str, int] = {}
        for kind in _MATCH_ORDER:
            for index, _, field, match_kind in matched:
                if field and match_kind == kind:
                    winners.setdefault(field, index)
        return tuple(
            Column(
                index, header, field, kind if winners.get(field, index) == index else "duplicate"
            )
            for index, header, field, kind in matched
        )

    def find(self, rows: Iterable[tuple[int, list[str | None]]]) -> Header | None:
        """Return the header among a sheet's first rows: the row that names most fields."""
        best: Header | None = None
        for row_number, cells in rows:
            if row_number > HEADER_SEARCH_ROWS:
                break
            header = Header(row_number, self.columns(cells))
            found = len(header.fields)
            if found < MINIMUM_FIELDS or not RECORD_FIELDS & header.fields.keys():
                continue
            if best is None or found > len(best.fields):
                best = header
        return best
