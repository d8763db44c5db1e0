"""Reads worksheets of the plain form, as nearly all programs write them, by whole columns.

The same texts as `exact_xlsx` gives, several times faster than any reader that makes a value of
each cell: texts stay indexes into the workbook's own list of texts until a column is made of them,
and a number or date is turned into text once for all cells of a piece that hold it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.blocks import Block, text_array
from loaders.exact_xlsx import text_of_cell
from loaders.refusals import Refused
from loaders.xlsx_package import XlsxPackage, new_parser, unescaped
from loaders.xml_arrays import Grammar, Irregular, Tags, attributes_of, without_entities

# Large enough that a piece's arrays outweigh the calls, small enough for the processor's cache.
_PIECE = 1 << 23
_HEAD = 1 << 20
_READERS = 2
# Guards against a dense grid of all columns when some cells stand far to the right.
_CELLS_A_PIECE = 1 << 24
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_383  # of any worksheet: XFD1048576
_ROW, _CELL = b'row r="', b'c r="'
_AS_IT_IS = r"^(0|[1-9][0-9]{0,14})$"  # a number that lands as it is stored
_KNOWN_AT_MOST = 1 << 18
_PRESERVED = {b"t ": b'xml:space="preserve">'}


def _then(closing: bytes) -> dict[bytes, bytes]:
    """What may come after a cell that ends with `closing`."""
    return {_CELL: closing, _ROW: closing + b"</row>", b"": closing + b"</row>"}


_VALUES = (b"v>", b"v/>", b"v />")
_SHEET = Grammar(
    follow={
        b"": {_ROW: b""},
        _ROW: {_CELL: b">", _ROW: b"/>", b"": b"/>"},
        _CELL: dict.fromkeys((*_VALUES, b"f>", b"is>"), b">") | _then(b"/>"),
        b"f>": dict.fromkeys(_VALUES, b"</f>") | _then(b"</f></c>"),
        b"v>": _then(b"</v></c>"),
        b"v/>": _then(b"</c>"),
        b"v />": _then(b"</c>"),
        b"is>": {b"t>": b"", b"t ": b""},
        b"t>": _then(b"</t></is></c>"),
        b"t ": _then(b"</t></is></c>"),
    },
    texts=frozenset((b"v>", b"f>", b"t>", b"t ")),
)
_STRINGS = Grammar(
    follow={
        b"": {b"si>": b""},
        b"si>": {b"t>": b"", b"t ": b"", b"t/>": b""},
        b"t>": dict.fromkeys((b"si>", b""), b"</t></si>"),
        b"t ": dict.fromkeys((b"si>", b""), b"</t></si>"),
        b"t/>": dict.fromkeys((b"si>", b""), b"</si>"),
    },
    texts=frozenset((b"t>", b"t ")),
)
Result = TypeVar("Result")
Reader = tuple[str, str | None]  # a cell's type, and what its number format shows


@dataclass(frozen=True)
class _Rows:
    """Rows of a piece: their numbers, and of each the 8 bytes in which its number begins."""

    numbers: np.ndarray
    words: np.ndarray
    sizes: np.ndarray


class RegularSheet:
    """Reads one worksheet of a package; raises `Irregular` where it is not of the plain form."""

    def __init__(self, package: XlsxPackage, sheet_name: str) -> None:
        """Read the workbook's own list of texts."""
        self._package = package
        self._sheet_name = sheet_name
        self._shared = _shared_texts(package)
        self._shared_blank = _blank(self._shared)
        self._readers: dict[str, Reader] = {}
        self._known: dict[Reader, dict[str, str | None]] = {}

    def blocks(self) -> Iterator[Block]:
        """Yield the rows in which something stands."""
        last_row = 0
        part = self._package.open_sheet(self._sheet_name)
        pieces = _pieces(part, ("worksheet", "sheetData"), b"</row>")
        for row_numbers, block in _in_order(self._read, pieces):
            if row_numbers[0] <= last_row:
                raise Irregular
            last_row = row_numbers[-1]
            if block:
                yield block

    def _read(self, piece: bytes) -> tuple[np.ndarray, Block | None]:
        """Return the numbers of all rows of a piece, and those in which something stands."""
        tags = _SHEET.read(piece)
        is_row, is_cell = tags.are(_ROW), tags.are(_CELL)
        rows = self._rows(tags, np.flatnonzero(is_row))
        cells = np.flatnonzero(is_cell)
        row_of_cell = np.cumsum(is_row)[cells] - 1
        columns, kinds, kind_of_cell = self._cells(tags, cells, rows, row_of_cell)
        for formula in tags.texts(*tags.inner(np.flatnonzero(tags.are(b"f>")), {})).unique():
            without_entities(formula.as_py())  # not kept, but a parser would look at it
        values = np.flatnonzero(tags.are(b"v>", b"t>", b"t "))
        cell_of_value = np.cumsum(is_cell)[values] - 1
        starts, ends = tags.inner(values, _PRESERVED)
        filled = starts < ends
        cell_of_value = cell_of_value[filled]
        readers = [self._reader(attributes) for attributes in kinds]
        pool, blank, codes = self._texts(
            tags, starts[filled], ends[filled], readers, kind_of_cell[cell_of_value]
        )
        return rows.numbers, _grid(
            rows.numbers, row_of_cell[cell_of_value], columns[cell_of_value], pool, blank, codes
        )

    def _rows(self, tags: Tags, of_rows: np.ndarray) -> _Rows:
        words, sizes, numbers = tags.digits(tags.inner_starts[of_rows])
        if (np.diff(numbers, prepend=0) <= 0).any() or numbers[-1] > _LAST_ROW:
            raise Irregular
        rest = tags.inner_starts[of_rows] + sizes + 1
        for attributes in tags.texts(rest, tags.inner_ends[of_rows]).unique().to_pylist():
            attributes_of(attributes)
        return _Rows(numbers, words, sizes)

    def _cells(
        self, tags: Tags, cells: np.ndarray, rows: _Rows, row_of_cell: np.ndarray
    ) -> tuple[np.ndarray, list[str], np.ndarray]:
        """Return the 0-based column of each cell, and its attributes beside its reference.

        Attributes as the different ones that there are, and each cell's index into them.
        """
        columns, letters = tags.letters(cells, len(_CELL))
        if (columns > _LAST_COLUMN).any() or not letters.all():
            raise Irregular
        same_row = row_of_cell[1:] == row_of_cell[:-1]
        if (columns[1:] <= columns[:-1])[same_row].any():
            raise Irregular
        # A cell's reference must end with its row's number and the quotation mark.
        at = tags.inner_starts[cells] + letters
        sizes = rows.sizes[row_of_cell]
        if (tags.word(at, sizes + 1) != rows.words[row_of_cell]).any():
            raise Irregular
        return columns, *tags.encoded(at + sizes + 1, tags.inner_ends[cells])

    def _texts(
        self,
        tags: Tags,
        starts: np.ndarray,
        ends: np.ndarray,
        reader_of_kind: list[Reader],
        kind_of_value: np.ndarray,
    ) -> tuple[pa.StringArray, np.ndarray, np.ndarray]:
        """Return texts, which of them are blank, and each value's index into them."""
        readers = list(dict.fromkeys(reader_of_kind))
        reader_of_value = np.array([readers.index(r) for r in reader_of_kind], np.int16)[
            kind_of_value
        ]
        pools, blanks = [self._shared], [self._shared_blank]
        codes = np.empty(len(starts), np.int32)
        size = len(self._shared)
        for index, reader in enumerate(readers):
            chosen = np.flatnonzero(reader_of_value == index)
            if not len(chosen):
                continue
            if reader[0] == "s":
                codes[chosen] = self._shared_indexes(tags, starts[chosen], ends[chosen])
                continue
            encoded = tags.texts(starts[chosen], ends[chosen]).dictionary_encode()
            texts = self._texts_of(encoded.dictionary, reader)
            codes[chosen] = np.asarray(encoded.indices) + size
            size += len(texts)
            pools.append(texts)
            blanks.append(_blank(texts))
        return pa.concat_arrays(pools), np.concatenate(blanks), codes

    def _reader(self, attributes: str) -> Reader:
        reader = self._readers.get(attributes)
        if reader is None:
            found = attributes_of(attributes)
            try:
                reader = found.get("t", "n"), self._package.kind_of_style(found.get("s", "0"))
            except Refused:  # as the exact reader says again, if it gets so far
                raise Irregular from None
            self._readers[attributes] = reader
        return reader

    def _shared_indexes(self, tags: Tags, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        indexes = tags.numbers(starts, ends)
        if (indexes >= len(self._shared)).any():
            raise Irregular
        return indexes

    def _texts_of(self, stored: pa.StringArray, reader: Reader) -> pa.StringArray:
        """Return the texts that land for stored values of one type and number format."""
        if reader == ("n", None) and pc.all(pc.match_substring_regex(stored, _AS_IT_IS)).as_py():
            return stored
        known = self._known.setdefault(reader, {})
        if len(known) > _KNOWN_AT_MOST:
            known = self._known[reader] = {}
        try:
            for text in stored.to_pylist():
                if text not in known:
                    known[text] = text_of_cell(without_entities(text), *reader, self._package)
        except (ValueError, IndexError, OverflowError):
            raise Irregular from None
        return text_array(known[text] for text in stored.to_pylist())


def _in_order(read: Callable[[bytes], Result], pieces: Iterator[bytes]) -> Iterator[Result]:
    """Read pieces side by side, a few at a time, and yield what they are in their order.

    Whole-array work leaves Python's lock, so that two threads keep two cores busy.
    """
    with ThreadPoolExecutor(_READERS) as readers:
        pending: deque[Future[Result]] = deque()
        try:
            for piece in pieces:
                pending.append(readers.submit(read, piece))
                if len(pending) > _READERS:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()


def _grid(
    row_numbers: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    pool: pa.StringArray,
    blank: np.ndarray,
    codes: np.ndarray,
) -> Block | None:
    """Put texts into rows and columns; rows of blanks are left out."""
    has_text = np.zeros(len(row_numbers), bool)
    has_text[rows[~blank[codes]]] = True
    if not has_text.any():
        return None
    width = int(columns.max()) + 1
    if width * len(row_numbers) > _CELLS_A_PIECE:
        raise Irregular
    # What is not there is the null at the end of the texts.
    texts = pa.concat_arrays([pool, pa.nulls(1, pa.string())])
    grid = np.full((width, len(row_numbers)), len(pool), np.int32)
    grid[columns, rows] = codes
    if not has_text.all():
        grid = grid[:, has_text]
    return Block(row_numbers[has_text].tolist(), [texts.take(pa.array(column)) for column in grid])


def _blank(texts: pa.StringArray) -> np.ndarray:
    """Tell of each text whether nothing stands in it but blanks."""
    blank = [text is None or not text or text.isspace() for text in texts.to_pylist()]
    return np.array(blank, bool)


def _shared_texts(package: XlsxPackage) -> pa.StringArray:
    """Return the workbook's own list of texts."""
    part = package.open_shared_strings()
    if part is None:
        return text_array([])
    try:
        arrays = [_strings(_STRINGS.read(piece)) for piece in _pieces(part, ("sst",), b"</si>")]
    except Irregular:
        return text_array(package.shared_strings)
    return pa.concat_arrays(arrays or [text_array([])])


def _strings(tags: Tags) -> pa.StringArray:
    is_item = tags.are(b"si>")
    items = np.cumsum(is_item) - 1
    texts = np.flatnonzero(tags.are(b"t>", b"t "))
    starts = np.zeros(int(is_item.sum()), np.int64)
    ends = starts.copy()
    starts[items[texts]], ends[items[texts]] = tags.inner(texts, _PRESERVED)
    texts = tags.texts(starts, ends)
    escaped = pc.or_(pc.match_substring(texts, "&"), pc.match_substring(texts, "_x"))
    if not pc.any(escaped).as_py():
        return texts
    plain = [unescaped(without_entities(text)) for text in texts.filter(escaped).to_pylist()]
    return pc.replace_with_mask(texts, escaped, text_array(plain))


def _pieces(part: BinaryIO, path: tuple[str, ...], last: bytes) -> Iterator[bytes]:
    """Yield the content of the element at `path` in pieces that end with `last`, a tag.

    What stands around it is parsed, so that a part that is cut short is told.
    """
    opening, closing = f"<{path[-1]}".encode(), f"</{path[-1]}>".encode()
    parser, opened = new_parser(), []

    def declared(_: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            raise Irregular

    parser.XmlDeclHandler = declared
    parser.StartElementHandler = lambda name, _: opened.append(name)
    parser.EndElementHandler = lambda _: opened.pop()
    with part as file:
        window = file.read(_HEAD)
        begin = window.find(opening)
        head = window.find(b">", begin) + 1
        if begin < 0 or not head:
            raise Irregular
        parser.Parse(window[:head], False)
        if tuple(opened) != path:  # not there, elsewhere, or empty and closed already
            raise Irregular
        window = window[head:]
        while (end := window.find(closing)) < 0:
            chunk = file.read(_PIECE)
            if not chunk:
                raise Irregular
            cut = window.rfind(last) + len(last)
            if cut >= _PIECE // 2:
                yield window[:cut]
                window = window[cut:]
            window += chunk
        if end:
            yield window[:end]
        parser.Parse(window[end:], False)
        while chunk := file.read(_PIECE):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
