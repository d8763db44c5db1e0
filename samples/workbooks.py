"""Writes submissions as the Excel workbooks each council would send, with its own habits."""

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import xlsxwriter
import xlwt

from samples.codes import COLUMN, DATE_COLUMNS, HEADERS
from samples.submissions import Submission

XLS_ROWS = 65_536
_EPOCH = date(1970, 1, 1)
_EXCEL_ZERO = 25_569  # Excel serial of 1 January 1970
_NHS, _COST = COLUMN["NHS Number"], COLUMN["Unit Cost"]


@dataclass(frozen=True)
class Layout:
    """How a council lays out its workbook. `columns` are positions in HEADERS, -1 for Notes."""

    sheet: str
    titles: tuple[str, ...]
    columns: tuple[int, ...]
    renamed: dict[str, str]
    dates: str  # 'date', 'text' or 'mixed'
    numbers_as_numbers: bool
    cover: bool = False
    lookup: bool = False
    trailing_rows: int = 0
    total_row: bool = False
    upper: bool = False

    @property
    def first_row(self) -> int:
        """Excel number of the first data row."""
        return len(self.titles) + 2

    def header(self, column: int) -> str:
        """The header as this council writes it."""
        if column < 0:
            return "Notes"
        name = self.renamed.get(HEADERS[column], HEADERS[column])
        return name.upper() if self.upper else name


def _order(first: list[str], without: tuple[str, ...] = ()) -> tuple[int, ...]:
    """Column order that begins with some headers and keeps the specification's for the rest."""
    names = first + [h for h in HEADERS if h not in first and h not in without]
    return tuple(COLUMN[h] for h in names)


LAYOUTS: dict[str, Layout] = {
    "316": Layout(
        sheet="CLD Extract",
        titles=("Liverpool City Council - adult social care client level data", ""),
        columns=(*_order([]), -1),
        renamed={
            "Request: Route of Access": "Route of Access",
            "NHS Number": "NHS  number",
            "Planned units per week": "Planned Units Per Week ",
        },
        dates="date",
        numbers_as_numbers=True,
        cover=True,
    ),
    "306": Layout(
        sheet="Sheet1",
        titles=("MCC CLD return",),
        columns=_order(
            [
                "LA Person Unique Identifier",
                "NHS Number",
                "LA Code",
                "Event Type",
                "Unit Cost",
                "Cost Frequency (Unit Type)",
                "Planned units per week",
            ]
        ),
        renamed={
            "Autism Spectrum Disorder (ASD)": "Autism Spectrum\nDisorder (ASD)",
            "No. of adults being cared for": "No of adults being cared for",
        },
        dates="text",
        numbers_as_numbers=False,
        lookup=True,
        upper=True,
    ),
    "308": Layout(
        sheet="Data",
        titles=("Rochdale Borough Council", "Client level data, rolling twelve months", ""),
        columns=_order(
            [
                "LA Code",
                "Reporting Period Start Date",
                "Reporting Period End Date",
                "LA Person Unique Identifier",
                "Event Reference",
                "Event Type",
                "Event Start Date",
            ],
            without=("First Name", "Last Name"),
        ),
        renamed={
            "Event Start Date": "Event start  date",
            "Cost Frequency (Unit Type)": "Cost Frequency - Unit Type",
            "Adult 1 Linked Person_ID": "Adult 1 Linked Person ID",
        },
        dates="mixed",
        numbers_as_numbers=False,
        trailing_rows=400,
        total_row=True,
    ),
}


@cache
def _text_date(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).strftime("%d/%m/%Y")


class DateCell(float):
    """An Excel serial number to be shown as a date."""

    @classmethod
    def of(cls, day: int) -> "DateCell":
        """Serial of a day since 1970; the 1900 system counts a 29 February 1900 that never was."""
        serial = day + _EXCEL_ZERO
        return cls(serial if serial > 60 else serial - 1)


def nhs_cell(value: str, style: str, as_number: bool) -> str | int:
    """An NHS number as a council types it: a number, plain text, or text with blanks."""
    if as_number:
        return int(value) if value.isdigit() and value[0] != "0" else value
    if style == "spaced":
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    if style == "no_break_space":
        return f"{value[:3]}\u00a0{value[3:6]}\u00a0{value[6:]}"
    if style == "padded":
        return value + " "
    if style == "letter_o":
        return value.replace("0", "O")
    if style == "full_width":
        return "".join(chr(0xFF10 + int(d)) for d in value)
    return value


def cells(
    rng: np.random.Generator, submission: Submission, layout: Layout, styles: dict[str, str]
) -> list[list[object]]:
    """The rows as cells in the council's column order: text, numbers, DateCell or None.

    `styles` gives the way of writing the NHS number by client number.
    """
    out = []
    identifier = COLUMN["LA Person Unique Identifier"]
    chance = rng.random((len(submission.rows), 3)).tolist()
    for row, (text_date, text_cost, note) in zip(submission.rows, chance, strict=True):
        line: list[object] = []
        for column in layout.columns:
            value = "Checked" if column < 0 and note < 0.02 else None
            value = row[column] if column >= 0 else value
            if value is None:
                line.append(None)
            elif column in DATE_COLUMNS and isinstance(value, int):
                as_text = layout.dates == "text" or (layout.dates == "mixed" and text_date < 0.4)
                line.append(_text_date(value) if as_text else DateCell.of(value))
            elif column == _NHS:
                style = styles.get(str(row[identifier]), "plain")
                line.append(nhs_cell(str(value), style, layout.numbers_as_numbers))
            elif column == _COST and text_cost < 0.04:
                line.append(f"£{value:,.2f}")
            elif column == 0 and layout.numbers_as_numbers:
                line.append(int(str(value)))
            else:
                line.append(value)
        out.append(line)
    return out


def write(path: Path, submission: Submission, rows: list[list[object]]) -> None:
    """Write one workbook and give it its date of receipt; refuses what an .xls cannot hold."""
    layout = LAYOUTS[submission.la_code]
    path.parent.mkdir(parents=True, exist_ok=True)
    header = [layout.header(c) for c in layout.columns]
    if path.suffix == ".xls":
        room = XLS_ROWS - len(layout.titles) - 1
        if len(rows) > room:
            raise ValueError(
                f"{path.name}: {len(rows):,} rows, but an .xls sheet holds {room:,} under its "
                "header; ask for fewer persons"
            )
        _write_xls(path, layout, header, rows)
    else:
        _write_xlsx(path, layout, header, rows)
    stamp = submission.received.timestamp()
    os.utime(path, (stamp, stamp))


def _write_xlsx(path: Path, layout: Layout, header: list[str], rows: list[list[object]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"created": datetime(2017, 6, 1), "author": "Business Intelligence"})
    bold, as_date = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    if layout.cover:
        cover = book.add_worksheet("Cover")
        for r, line in enumerate(("Client level data", "Contact: performance team", "Official")):
            cover.write_string(r, 0, line)
    sheet = book.add_worksheet(layout.sheet)
    for r, line in enumerate(layout.titles):
        if line:
            sheet.write_string(r, 0, line)
    r = len(layout.titles)
    for c, name in enumerate(header):
        sheet.write_string(r, c, name, bold)
    for line in rows:
        r += 1
        for c, value in enumerate(line):
            if value is None:
                continue
            if isinstance(value, str):
                sheet.write_string(r, c, value)
            elif isinstance(value, DateCell):
                sheet.write_number(r, c, float(value), as_date)
            else:
                sheet.write_number(r, c, value)
    if layout.total_row:
        r += 1
        sheet.write_string(r, 0, "Total", bold)
        sheet.write_number(r, 3, len(rows), bold)
    for _ in range(layout.trailing_rows):
        r += 1
        for c in (1, 2, 6):
            sheet.write_blank(r, c, None, as_date)
    book.close()


def _write_xls(path: Path, layout: Layout, header: list[str], rows: list[list[object]]) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet(layout.sheet)
    for r, line in enumerate(layout.titles):
        sheet.write(r, 0, line)
    r = len(layout.titles)
    for c, name in enumerate(header):
        sheet.write(r, c, name)
    for line in rows:
        r += 1
        cells_of = sheet.row(r)
        for c, value in enumerate(line):
            if value is None:
                continue
            if isinstance(value, str):
                cells_of.set_cell_text(c, value)
            else:
                cells_of.set_cell_number(c, value)
        if r % 1000 == 0:
            sheet.flush_row_data()
    if layout.lookup:
        lists = book.add_sheet("Lookups")
        for r, line in enumerate((("Gender", "Event Type"), ("Male", "Request"))):
            for c, value in enumerate(line):
                lists.write(r, c, value)
    book.save(str(path))
