"""From a worksheet to columns of text: everything below the header, as stored, blank rows aside."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.exact_xlsx import Row
from loaders.headers import HEADER_SEARCH_ROWS, Header, HeaderMatcher, column_letters


@dataclass
class SheetData:
    """The records of one sheet. All lists have one entry per row."""

    header: Header
    row_numbers: list[int]
    columns: dict[str, list[str | None]]
    other_columns: list[str | None]

    @property
    def rows(self) -> int:
        """Number of records."""
        return len(self.row_numbers)


@dataclass
class SheetSurvey:
    """What a sheet turned out to be: has it any cell, has it a header, and its records if so."""

    has_cells: bool
    data: SheetData | None


def _name_without_header(index: int, headed: frozenset[str]) -> str:
    """Name a cell by its column's letters, in brackets while a header happens to be the same."""
    name = column_letters(index)
    while name in headed:
        name = f"[{name}]"
    return name


def _is_blank(cells: list[str | None]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)


def read_sheet(rows: Iterator[Row], matcher: HeaderMatcher) -> SheetSurvey:
    """Read a sheet whole. `data` is None without a header row."""
    head: list[Row] = []
    for row in rows:
        head.append(row)
        if row[0] >= HEADER_SEARCH_ROWS:
            break
    header = matcher.find(head)
    if header is None:
        has_cells = any(not _is_blank(cells) for _, cells in itertools.chain(head, rows))
        return SheetSurvey(has_cells=has_cells, data=None)
    below = (row for row in itertools.chain(head, rows) if row[0] > header.row_number)
    return SheetSurvey(has_cells=True, data=_collect(header, below))


def _collect(header: Header, rows: Iterator[Row]) -> SheetData:
    """Put each cell into its field's column, or into the row's `other_columns`."""
    fields = header.fields
    targets: list[tuple[int, list[str | None]]] = [(index, []) for index in fields.values()]
    data = SheetData(
        header=header,
        row_numbers=[],
        columns=dict(zip(fields, (column for _, column in targets), strict=True)),
        other_columns=[],
    )
    other_names = header.other_names
    headed = frozenset(other_names.values())
    field_indexes = frozenset(fields.values())
    for row_number, cells in rows:
        if _is_blank(cells):
            continue
        width = len(cells)
        data.row_numbers.append(row_number)
        for index, column in targets:
            column.append(cells[index] if index < width else None)
        others = {
            other_names.get(index) or _name_without_header(index, headed): cell
            for index, cell in enumerate(cells)
            if cell is not None and index not in field_indexes
        }
        data.other_columns.append(json.dumps(others, ensure_ascii=False) if others else None)
    return data
