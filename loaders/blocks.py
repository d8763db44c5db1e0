"""Rows of a worksheet, a few thousand at a time and column by column: what the readers hand on.

Memory stays bounded however long a sheet is, and a column is turned into text and sent to the
database as a whole. Rows in which nothing stands are left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import pyarrow as pa

ROWS_A_BLOCK = 1 << 14
# Guards against a dense grid of all columns when some cells stand far to the right.
CELLS_A_BLOCK = 1 << 20

Row = tuple[int, Sequence[object]]


@dataclass(frozen=True)
class Block:
    """Rows that hold something.

    `columns`: one array per worksheet column, from A on, with one text per row, null or empty where
    the cell is blank.
    """

    row_numbers: Sequence[int]
    columns: list[pa.StringArray]

    def rows(self) -> Iterator[tuple[int, list[str | None]]]:
        """Yield (row number as Excel shows it, texts from column A on); blank cells are None."""
        cells = zip(*(column.to_pylist() for column in self.columns), strict=True)
        for row_number, texts in zip(self.row_numbers, cells, strict=True):
            yield row_number, [text or None for text in texts]

    def part(self, first: int, end: int) -> "Block":
        """Return the rows numbered from `first` to before `end`."""
        indexes = [i for i, number in enumerate(self.row_numbers) if first <= number < end]
        start, length = (indexes[0], len(indexes)) if indexes else (0, 0)
        columns = [column.slice(start, length) for column in self.columns]
        return Block(self.row_numbers[start : start + length], columns)


def text_array(cells: Iterable[str | None]) -> pa.StringArray:
    """Return a column of texts as an array."""
    return pa.array(cells, pa.string())


def block_of(rows: list[Row]) -> Block | None:
    """Make a block of rows of any widths; None if nothing stands in them."""
    columns = list(zip_longest(*(cells for _, cells in rows)))
    blank = _blank_rows(len(rows), columns)
    if len(blank) == len(rows):
        return None
    if blank:
        rows = [row for index, row in enumerate(rows) if index not in blank]
        columns = list(zip_longest(*(cells for _, cells in rows)))
    return Block([number for number, _ in rows], [text_array(column) for column in columns])


def _blank_rows(count: int, columns: list[tuple]) -> set[int]:
    blank: Sequence[int] = range(count)
    for column in columns:  # most rows are told by the first
        blank = [index for index in blank if _is_blank(column[index])]
        if not blank:
            break
    return set(blank)


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def blocks_of(rows: Iterable[Row]) -> Iterator[Block]:
    """Yield all rows as blocks."""
    gathered: list[Row] = []
    width, room = 0, ROWS_A_BLOCK
    for row in rows:
        if len(row[1]) > width:
            width = len(row[1])
            room = min(ROWS_A_BLOCK, CELLS_A_BLOCK // width)
        if len(gathered) >= room:
            if block := block_of(gathered):
                yield block
            gathered, width, room = [], 0, ROWS_A_BLOCK
        gathered.append(row)
    if gathered and (block := block_of(gathered)):
        yield block
