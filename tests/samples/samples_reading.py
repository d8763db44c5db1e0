"""Reads a generated workbook back with the libraries a loader might use."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import xlrd

from samples.codes import HEADERS
from samples.workbooks import LAYOUTS

PERSONS, MONTHS, SEED = 400, 2, 11


def grid(path: Path, sheet: str) -> list[list[object]]:
    """Cells of a sheet; list index 0 is Excel row 1; blanks are None."""
    if path.suffix == ".xls":
        rows = xlrd.open_workbook(path).sheet_by_name(sheet)
        lines = [rows.row_values(i) for i in range(rows.nrows)]
    else:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        lines = [list(r) for r in book[sheet].iter_rows(values_only=True)]
        book.close()
    return [[None if v == "" else v for v in line] for line in lines]


def workbooks(out: Path) -> list[Path]:
    """All workbooks of an inbox, in order."""
    return sorted((out / "inbox" / "submissions").glob("*/*.xls*"))


def records(path: Path) -> dict[int, dict[str, object]]:
    """Data rows by Excel row number: specification header -> cell. Blank rows are left out."""
    layout = LAYOUTS[path.parent.name]
    lines = grid(path, layout.sheet)
    names = ["Notes" if c < 0 else HEADERS[c] for c in layout.columns]
    assert [n for n in lines[layout.first_row - 2] if n] == [
        layout.header(c) for c in layout.columns
    ]
    return {
        number: dict(zip(names, line, strict=False))
        for number, line in enumerate(lines, 1)
        if number >= layout.first_row and any(v is not None for v in line)
    }


def as_date(value: object) -> date | None:
    """A date cell, true or dd/mm/yyyy text; None when blank or unreadable."""
    if isinstance(value, datetime):
        return value.date()
    try:
        return datetime.strptime(str(value), "%d/%m/%Y").date()
    except ValueError:
        return None


def truth(out: Path, name: str) -> pd.DataFrame:
    """One truth table; nulls are None."""
    table = pd.read_parquet(out / "truth" / f"{name}.parquet").astype(object)
    return table.where(table.notna(), None)
