"""Opens a workbook and yields its worksheets' rows as text, numbered as Excel numbers them.

.xlsx is read by `regular_xlsx`, sheets of an unusual form by `exact_xlsx`; .xls by xlrd, which
keeps errors, booleans and serial numbers apart.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from xml.parsers import expat

import xlrd

from loaders.blocks import Block, Row, blocks_of
from loaders.cell_text import (
    kind_of_format,
    text_of_boolean,
    text_of_number,
    text_of_serial,
)
from loaders.exact_xlsx import exact_rows
from loaders.refusals import Refusal, Refused, unreadable
from loaders.regular_xlsx import RegularSheet
from loaders.sniffing import check_content
from loaders.xlsx_package import XlsxPackage
from loaders.xml_arrays import Irregular

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
)


# xlrd decodes the pieces of an .xls file's texts one by one, and a file may be cut between the
# halves of a character beyond U+FFFF: the halves are kept, and joined when the text is whole.
xlrd.book.unicode = lambda raw, encoding: raw.decode(encoding, "surrogatepass")
_HALVES = re.compile("[\ud800-\udfff]+")


def _whole(text: str) -> str:
    """Join halves of characters; one left alone is written `_xD800_`, as an .xlsx holds it."""
    if not _HALVES.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _HALVES.sub(lambda match: "".join(f"_x{ord(h):04X}_" for h in match[0]), joined)


class Workbook(Protocol):
    """A workbook in memory. `date_system` is `1900` or `1904`; sheets in the workbook's order."""

    date_system: str
    sheet_names: list[str]

    def blocks(self, sheet_name: str) -> Iterator[Block]:
        """Yield a worksheet's rows, blank ones left out."""


class XlsxWorkbook:
    """An .xlsx workbook, hidden worksheets included, chart sheets left out."""

    def __init__(self, content: bytes) -> None:
        """Open `content`; raises what zipfile and expat raise on broken files."""
        self._package = XlsxPackage(content)
        self.date_system = "1904" if self._package.date_1904 else "1900"
        self.sheet_names = list(self._package.sheets)

    def blocks(self, sheet_name: str) -> Iterator[Block]:
        """Yield a worksheet's rows; the exact reader goes on where a sheet is of no plain form."""
        done = 0
        try:
            for block in RegularSheet(self._package, sheet_name).blocks():
                done = block.row_numbers[-1]
                yield block
        except Irregular:
            rest = exact_rows(self._package, sheet_name)
            yield from blocks_of(row for row in rest if row[0] > done)


class XlsWorkbook:
    """An .xls workbook (BIFF), hidden worksheets included."""

    def __init__(self, content: bytes) -> None:
        """Open `content`; raises what xlrd raises on broken files."""
        self._book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
        self.date_system = "1904" if self._book.datemode else "1900"
        self.sheet_names = self._book.sheet_names()
        self._kinds: dict[int, str] = {}

    def blocks(self, sheet_name: str) -> Iterator[Block]:
        """Yield a worksheet's rows and forget it afterwards."""
        return blocks_of(self._rows(sheet_name))

    def _rows(self, sheet_name: str) -> Iterator[Row]:
        sheet = self._book.sheet_by_name(sheet_name)
        readers = {
            xlrd.XL_CELL_TEXT: lambda value: _whole(value) or None,
            xlrd.XL_CELL_NUMBER: text_of_number,
            xlrd.XL_CELL_BOOLEAN: text_of_boolean,
            xlrd.XL_CELL_ERROR: lambda code: xlrd.error_text_from_code.get(code, "#N/A"),
        }
        for index in range(sheet.nrows):
            types = sheet.row_types(index)
            cells = [
                reader(value) if (reader := readers.get(kind)) else None
                for kind, value in zip(types, sheet.row_values(index), strict=True)
            ]
            for column, kind in enumerate(types):
                if kind == xlrd.XL_CELL_DATE:
                    style = sheet.cell_xf_index(index, column)
                    cells[column] = self._date_text(sheet.cell_value(index, column), style)
            yield index + 1, cells
        self._book.unload_sheet(sheet_name)

    def _date_text(self, serial: float, style: int) -> str:
        if style not in self._kinds:
            key = self._book.xf_list[style].format_key
            known = self._book.format_map.get(key)
            # xlrd has judged the format to be a date's, whatever else it may be.
            self._kinds[style] = kind_of_format(key, known.format_str if known else None) or "date"
        return text_of_serial(serial, self._kinds[style], bool(self._book.datemode))


def checked_workbook(content: bytes, suffix: str) -> Workbook:
    """Check what the content is and open it; raises `Refused`, whatever goes wrong."""
    with reading():
        check_content(content, suffix)
        return XlsxWorkbook(content) if suffix == ".xlsx" else XlsWorkbook(content)


@contextmanager
def reading() -> Iterator[None]:
    """Whatever goes wrong in reading a workbook is the file's refusal."""
    try:
        yield
    except Refused:
        raise
    except _BROKEN as error:
        # xlrd tells of encryption in words only.
        encrypted = isinstance(error, xlrd.XLRDError) and "encrypted" in str(error).lower()
        raise Refused(Refusal.ENCRYPTED if encrypted else Refusal.CORRUPT) from error
    except Exception as error:
        raise unreadable(error) from error
