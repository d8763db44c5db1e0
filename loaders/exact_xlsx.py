"""Reads a worksheet cell by cell from its XML, whatever its form: one event per tag, row by row.

Sheets that `regular_xlsx` finds to be of no plain form come here.
"""

from collections.abc import Iterator

from loaders.blocks import Row
from loaders.cell_text import text_of_boolean, text_of_iso, text_of_number, text_of_serial
from loaders.refusals import Refusal, Refused
from loaders.xlsx_package import XlsxPackage, new_parser, unescaped

_CHUNK = 1 << 18
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_383  # of any worksheet: XFD1048576
_DIGITS = "0123456789"


def column_index(letters: str) -> int:
    """Return the 0-based index of a column: `A` -> 0, `AB` -> 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


class _SheetParser:
    """Collects finished rows from expat's events; `rows` is emptied by the caller."""

    def __init__(self, package: XlsxPackage, root_prefix: str) -> None:
        self.rows: list[Row] = []
        self._package = package
        self._cell_tag, self._value_tag = f"{root_prefix}c", f"{root_prefix}v"
        self._row_tag, self._text_tag = f"{root_prefix}row", f"{root_prefix}t"
        self._phonetic_tag = f"{root_prefix}rPh"
        self._row_number = 0
        self._column = -1
        self._cells: list[str | None] = []
        self._attributes: dict[str, str] = {}
        self._pieces: list[str] = []
        self._taking = self._phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self._cell_tag:
            self._attributes = attributes
            self._pieces = []
            reference = attributes.get("r")
            letters = reference.rstrip(_DIGITS) if reference else ""
            self._column = column_index(letters) if letters else self._column + 1
            if self._column > _LAST_COLUMN:
                raise Refused(Refusal.CORRUPT)
        elif tag == self._value_tag or (tag == self._text_tag and not self._phonetic):
            self._taking = True
        elif tag == self._row_tag:
            row_number = int(attributes.get("r", self._row_number + 1))
            # Guards the row numbers: each once, as Excel writes them, and none that Excel lacks.
            if not self._row_number < row_number <= _LAST_ROW:
                raise Refused(Refusal.CORRUPT)
            self._row_number = row_number
            self._column = -1
            self._cells = []
        elif tag == self._phonetic_tag:
            self._phonetic = True

    def end(self, tag: str) -> None:
        if tag == self._cell_tag:
            text = text_of_cell(
                "".join(self._pieces),
                self._attributes.get("t", "n"),
                self._package.kind_of_style(self._attributes.get("s", "0")),
                self._package,
            )
            if text:
                self._cells.extend([None] * (self._column + 1 - len(self._cells)))
                self._cells[self._column] = text
        elif tag in (self._value_tag, self._text_tag):
            self._taking = False
        elif tag == self._row_tag:
            self.rows.append((self._row_number, self._cells))
        elif tag == self._phonetic_tag:
            self._phonetic = False

    def data(self, text: str) -> None:
        if self._taking:
            self._pieces.append(text)


def text_of_cell(
    stored: str, cell_type: str, format_kind: str | None, package: XlsxPackage
) -> str | None:
    """Return the text of a cell: what its XML holds, its type `t`, what its number format shows."""
    if not stored:
        return None
    match cell_type:
        case "s":
            return package.shared_strings[int(stored)]
        case "str" | "inlineStr":
            return unescaped(stored)
        case "b":
            return text_of_boolean(stored.strip() in ("1", "true"))
        case "e":
            return stored
        case "d":
            return text_of_iso(stored)
    if format_kind is None:
        return text_of_number(float(stored))
    return text_of_serial(float(stored), format_kind, package.date_1904)


def exact_rows(package: XlsxPackage, sheet_name: str) -> Iterator[Row]:
    """Yield (row number as Excel shows it, texts from column A on); blank cells are None."""
    parser = new_parser()
    sheet: _SheetParser | None = None

    def first_element(tag: str, _: dict[str, str]) -> None:
        nonlocal sheet
        sheet = _SheetParser(package, tag.removesuffix("worksheet"))
        parser.StartElementHandler = sheet.start
        parser.EndElementHandler = sheet.end
        parser.CharacterDataHandler = sheet.data

    parser.StartElementHandler = first_element
    with package.open_sheet(sheet_name) as file:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
            if sheet:
                yield from sheet.rows
                sheet.rows.clear()
        parser.Parse(b"", True)
    if sheet:
        yield from sheet.rows
