"""A submission's workbook: totals, findings, and in the encrypted one the failing rows themselves.

Every text is written as text, never as a formula, a link or a number. Nothing is written to disk
here: the workbook is bytes until its writer has decided whether it must be encrypted.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from reports.submission import SubmissionReport
from reports.tables import Column, Table, shown

_ROWS_PER_SHEET = 1_048_575  # what a worksheet holds, less the header
_LONGEST_TEXT = 32_767
_A4 = 9
_LINE_HEIGHT, _HIGHEST_ROW = 15, 400
_SUMMARY_WIDTHS = (54, 28, 18, 12)
_HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#005EB8", "valign": "top"}
_RIGHT = {"align": "right", "indent": 1}
_NOTES = (
    "Rows set aside (quarantined) take no part in anything that follows: mend and send again.",
    "Totals are counted before records sent twice are made one.",
)
_COUNTS_ONLY = "Counts only. The failing rows are in an encrypted workbook that you get apart."
_ROW_NOTES = (
    "This workbook lists your own clients' records: keep it as you keep them.",
    "An id or value reads “withheld” where it holds personal details, or is another council's.",
)


def workbook(
    report: SubmissionReport, figures: Table | None = None, rows: tuple[Table, Table] | None = None
) -> bytes:
    """Return the workbook of a submission; with `rows` (`rows.failing_rows`) it is identifiable."""
    content = BytesIO()
    # Without `in_memory` the writer would keep plain temporary files.
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        # A fixed date: the same content is the same file.
        book.set_properties(
            {
                "title": f"Data quality: {report.council}",
                "created": datetime(2000, 1, 1),
            }
        )
        writer = _Writer(book, f"{report.council}, received {_day(report)}")
        writer.summary(report, identifiable=rows is not None)
        if rows:
            writer.table("Failing rows", rows[0])
            writer.table("Values sent", rows[1])
        writer.table("Findings", report.by_all)
        writer.table("Fields", report.fields)
        if not rows:
            writer.table("Values", report.values)
        if figures:
            writer.table("Figures", figures)
    return content.getvalue()


def _day(report: SubmissionReport) -> str:
    return shown(report.submission["received_at"])


class _Writer:
    """Writes tables to the sheets of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook, footer: str) -> None:
        self.book = book
        self.footer = footer.replace("&", "&&")
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": "#005EB8"})
        self.caption = book.add_format({"bold": True, "font_size": 12})
        self.header = book.add_format(_HEADER | {"text_wrap": True})
        self.header_of_numbers = book.add_format(_HEADER | _RIGHT | {"text_wrap": True})
        self.plain = book.add_format({"valign": "top"})
        self.wrapped = book.add_format({"valign": "top", "text_wrap": True})
        self.number = book.add_format(_RIGHT | {"valign": "top", "num_format": "#,##0"})
        self.day = book.add_format({"valign": "top", "align": "left", "num_format": "d mmm yyyy"})

    def summary(self, report: SubmissionReport, identifiable: bool) -> None:
        """Write the sheet of totals: tables one under the other, below a title."""
        sheet = self._sheet("Summary", _SUMMARY_WIDTHS, repeat=False)
        title = f"Data quality: {report.council} ({report.la_code})"
        sheet.write_string(0, 0, title, self.title)
        notes = (*_NOTES, *(_ROW_NOTES if identifiable else (_COUNTS_ONLY,)))
        line = 1
        for sentence in (*report.notes, *notes):
            sheet.write_string(line, 0, sentence, self.plain)
            line += 1
        sent = report.submission
        facts = [
            ("File", sent["file_name"]),
            ("Sheet", sent["sheet_name"]),
            ("Received", _day(report)),
            ("Specification", sent["specification_version"]),
            *((label, shown(value)) for label, value in report.facts),
        ]
        short = Table("In short", (Column("Measure"), Column("Value")), facts)
        for table in (short, report.totals, report.compared, _rules_short(report.by_rule)):
            line = self._place(sheet, line + 1, table)

    def table(self, name: str, table: Table) -> None:
        """Write a table from the first line of a sheet on, on as many sheets as it takes."""
        for number, part in enumerate(_parts(table.rows), start=1):
            title = name if number == 1 else f"{name} {number}"
            sheet = self._sheet(title, tuple(column.width for column in table.columns))
            self._header(sheet, 0, table.columns)
            for line, row in enumerate(part, start=1):
                self._line(sheet, line, row, table.columns)
            if part:
                sheet.autofilter(0, 0, len(part), len(table.columns) - 1)
            else:
                sheet.write_string(1, 0, table.empty, self.plain)

    def _sheet(self, name: str, widths: tuple[int, ...], repeat: bool = True) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        self.widths = widths
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        if repeat:
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
            sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.footer}&C&A&RPage &P of &N")
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


def _rules_short(by_rule: Table) -> Table:
    """Return the findings by rule without what to do: the findings' own sheet says that."""
    columns = (by_rule.columns[0], *by_rule.columns[3:])
    rows = [(f"{row[2]}: {row[0]}", *row[3:]) for row in by_rule.rows]
    return Table("Rows with a finding, by rule", columns, rows, by_rule.empty)


def _moment(value: date) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, time())


def _parts(rows: list[tuple]) -> Iterator[list[tuple]]:
    """Yield the rows in parts that fit a sheet; at least one, maybe empty."""
    for start in range(0, max(len(rows), 1), _ROWS_PER_SHEET):
        yield rows[start : start + _ROWS_PER_SHEET]
