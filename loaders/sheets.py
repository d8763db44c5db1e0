"""From a worksheet to the specification's fields: everything below the header, as stored."""

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from loaders.blocks import Block
from loaders.headers import HEADER_SEARCH_ROWS, Header, HeaderMatcher, column_letters

_LAST_ROW = 1 << 40


@dataclass(frozen=True)
class Records:
    """Some records of a sheet, one entry per row in each part.

    `columns`: field -> texts, null or empty where blank; a field without any text is left out.
    """

    row_numbers: Sequence[int]
    columns: dict[str, pa.StringArray]
    other_columns: list[str | None]


@dataclass(frozen=True)
class SheetSurvey:
    """What a sheet turned out to be: has it any cell, its header if it has one, its records.

    The records are read as they are asked for.
    """

    has_cells: bool
    header: Header | None
    records: Iterator[Records]


@dataclass
class Tally:
    """Number of a sheet's records, and how often each value stands in some of its fields."""

    fields: frozenset[str]
    rows: int = 0
    values: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, records: Records) -> None:
        """Count some records."""
        self.rows += len(records.row_numbers)
        for name in self.fields & records.columns.keys():
            counted = pc.value_counts(records.columns[name])
            values, counts = counted.field("values").to_pylist(), counted.field("counts")
            counter = self.values.setdefault(name, Counter())
            for value, count in zip(values, counts.to_pylist(), strict=True):
                if value:
                    counter[value] += count


def read_sheet(blocks: Iterator[Block], matcher: HeaderMatcher) -> SheetSurvey:
    """Find a sheet's header and read what stands below."""
    head: list[Block] = []
    for block in blocks:
        head.append(block)
        if block.row_numbers[-1] >= HEADER_SEARCH_ROWS:
            break
    tops = (block.part(1, HEADER_SEARCH_ROWS + 1) for block in head)
    header = matcher.find(row for top in tops for row in top.rows())
    if header is None:
        return SheetSurvey(has_cells=bool(head), header=None, records=iter(()))
    first = header.row_number + 1
    below = (block.part(first, _LAST_ROW) for block in head)
    rest = itertools.chain((block for block in below if block.row_numbers), blocks)
    return SheetSurvey(True, header, (_records(header, block) for block in rest))


def _records(header: Header, block: Block) -> Records:
    columns = {
        name: block.columns[index]
        for name, index in header.fields.items()
        if index < len(block.columns) and pc.max(pc.binary_length(block.columns[index])).as_py()
    }
    return Records(block.row_numbers, columns, _other_cells(header, block))


def _other_cells(header: Header, block: Block) -> list[str | None]:
    """Return what stands outside the fields' columns: a JSON object per row, None if nothing."""
    names = header.other_names
    headed = frozenset(names.values())
    taken = frozenset(header.fields.values())
    others: dict[int, dict[str, str]] = {}
    for index, column in enumerate(block.columns):
        if index in taken:
            continue
        name = names.get(index) or _name_without_header(index, headed)
        for row, text in enumerate(column.to_pylist()):
            if text:
                others.setdefault(row, {})[name] = text
    return [
        json.dumps(others[row], ensure_ascii=False) if row in others else None
        for row in range(len(block.row_numbers))
    ]


def _name_without_header(index: int, headed: frozenset[str]) -> str:
    """Name a cell by its column's letters, in brackets while a header happens to be the same."""
    name = column_letters(index)
    while name in headed:
        name = f"[{name}]"
    return name
