"""A council's workbook: what is wrong, row by row, to be mended in its own system.

Every text is written as text, never as a formula, a link or a number.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from reports.council import CouncilReport
from reports.files import replacing
from reports.rows import COLUMNS as ROW_COLUMNS
from reports.tables import Column, Table

_ROWS_PER_SHEET = 1_048_575  # what a worksheet holds, less the header
_LONGEST_TEXT = 32_767
_A4 = 9
_LINE_HEIGHT, _HIGHEST_ROW = 15, 400
_SUMMARY_WIDTHS = (36, 30, 30, 30, 12, 12, 12, 12)
_HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#005EB8", "valign": "top"}
_RIGHT = {"align": "right", "indent": 1}
_NOTES = (
    "Rows set aside (quarantined) take no part in anything that follows; mend them and send again.",
    "An id reads “withheld” where it holds personal details, or the row is another council's.",
    "This workbook lists your own clients' records: keep it as you keep them.",
)


def write_workbook(path: Path, report: CouncilReport, rows: Iterable[tuple]) -> Path:
    """Write the workbook (mode 0600) and return its path. `rows` are tuples of `rows.COLUMNS`."""
    with replacing(path) as unfinished:
        options = {"constant_memory": True, "tmpdir": str(unfinished.parent)}
        with xlsxwriter.Workbook(unfinished, options) as book:
            book.set_properties({"title": f"Data quality: {report.name}"})
            writer = _Writer(book)
            writer.summary(report)
            writer.table("Findings", report.by_rule_and_field)
            writer.rows(rows)
    return path


class _Writer:
    """Writes tables to the sheets of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": "#005EB8"})
        self.caption = book.add_format({"bold": True, "font_size": 12})
        self.header = book.add_format(_HEADER | {"text_wrap": True})
        self.header_of_numbers = book.add_format(_HEADER | _RIGHT | {"text_wrap": True})
        self.plain = book.add_format({"valign": "top"})
        self.wrapped = book.add_format({"valign": "top", "text_wrap": True})
        self.number = book.add_format(_RIGHT | {"valign": "top", "num_format": "#,##0"})
        self.day = book.add_format({"valign": "top", "align": "left", "num_format": "d mmm yyyy"})

    def summary(self, report: CouncilReport) -> None:
        """Write the sheet of totals: tables one under the other, below a frozen title."""
        sheet = self._sheet("Summary", _SUMMARY_WIDTHS)
        sheet.write_string(0, 0, f"Data quality: {report.name} ({report.code})", self.title)
        line = 1
        for sentence in chain(report.notes, _NOTES):
            sheet.write_string(line, 0, sentence, self.plain)
            line += 1
        facts = Table("In short", (Column("Measure"), Column("Value", numeric=True)), report.facts)
        for table in (facts, report.submissions, report.not_landed, report.persons):
            line = self._place(sheet, line + 1, table)

    def table(self, name: str, table: Table) -> None:
        """Write a sheet with one table from its first line on."""
        sheet = self._sheet(name, _widths(table.columns))
        self._header(sheet, 0, table.columns)
        for line, row in enumerate(table.rows, start=1):
            self._line(sheet, line, row, table.columns)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        else:
            sheet.write_string(1, 0, table.empty, self.plain)

    def rows(self, rows: Iterable[tuple]) -> None:
        """Write the list of rows, on as many sheets as it takes."""
        for number, part in enumerate(_parts(iter(rows)), start=1):
            sheet = self._sheet("Rows" if number == 1 else f"Rows {number}", _widths(ROW_COLUMNS))
            self._header(sheet, 0, ROW_COLUMNS)
            line = 0
            for line, row in enumerate(part, start=1):
                self._line(sheet, line, row, ROW_COLUMNS)
            if line:
                sheet.autofilter(0, 0, line, len(ROW_COLUMNS) - 1)
            else:
                sheet.write_string(1, 0, "No rows to look at.", self.plain)

    def _sheet(self, name: str, widths: tuple[int, ...]) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        self.widths = widths
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet

    def _place(self, sheet: Worksheet, line: int, table: Table) -> int:
        """Write caption, header and rows of a table; return the line after it."""
        sheet.write_string(line, 0, table.caption, self.caption)
        if not table.rows:
            sheet.write_string(line + 1, 0, table.empty, self.plain)
            return line + 2
        self._header(sheet, line + 1, table.columns)
        for number, row in enumerate(table.rows, start=line + 2):
            self._line(sheet, number, row, table.columns)
        return line + 2 + len(table.rows)

    def _header(self, sheet: Worksheet, line: int, columns: tuple[Column, ...]) -> None:
        if any(len(c.label) + 2 > width for c, width in zip(columns, self.widths, strict=False)):
            sheet.set_row(line, 2 * _LINE_HEIGHT)
        for place, column in enumerate(columns):
            header = self.header_of_numbers if column.numeric else self.header
            sheet.write_string(line, place, column.label, header)

    def _line(self, sheet: Worksheet, line: int, row: tuple, columns: tuple[Column, ...]) -> None:
        # Not every program fits a row to its wrapped text, so its height is said.
        lines = [
            1 if isinstance(value, int | date | None) else -(-len(str(value)) // width)
            for value, width in zip(row, self.widths, strict=False)
        ]
        if max(lines) > 1:
            sheet.set_row(line, min(max(lines) * _LINE_HEIGHT, _HIGHEST_ROW))
        for place, (value, column) in enumerate(zip(row, columns, strict=True)):
            if value is None or value == "":
                continue
            if isinstance(value, int):
                sheet.write_number(line, place, value, self.number)
            elif isinstance(value, date):
                sheet.write_datetime(line, place, _moment(value), self.day)
            else:
                text = self.number if column.numeric else self.wrapped
                sheet.write_string(line, place, str(value)[:_LONGEST_TEXT], text)


def _widths(columns: tuple[Column, ...]) -> tuple[int, ...]:
    return tuple(column.width for column in columns)


def _moment(value: date) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, time())


def _parts(rows: Iterator[tuple]) -> Iterator[Iterator[tuple]]:
    """Yield the rows in parts that fit a sheet; at least one, maybe empty. Use each before next."""
    yield islice(rows, _ROWS_PER_SHEET)
    for first in rows:
        yield chain([first], islice(rows, _ROWS_PER_SHEET - 1))
