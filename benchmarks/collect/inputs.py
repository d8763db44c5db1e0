"""What the benchmarks read: a wide workbook, and a landed sample of several councils and months."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import python_calamine
import xlsxwriter

from loaders.specification import read_fields
from plugins.home import PROJECT_ROOT

BIN = Path(sys.executable).parent
COUNCIL, SHEET = "316", "CLD Extract"
PERSONS_FOR_WORKBOOK = 1500


def asc(home: Path, *words: str) -> None:
    """Run `asc` on a home."""
    environment = os.environ | {"ASC_HOME": str(home)}
    environment.pop("ASC_KEYS", None)
    subprocess.run([BIN / "asc", *words], cwd=PROJECT_ROOT, env=environment, check=True)


def workbook(work: Path, rows: int) -> str:
    """Path of an .xlsx with so many rows of all fields, made of a sample council's own rows.

    The rows are repeated to the size asked for, with other client numbers and event references each
    time; dates are date cells, texts shared strings, as Excel writes them.
    """
    path = work / f"workbook_{rows}.xlsx"
    if path.exists():
        return str(path)
    home = work / "sample_for_workbook"
    if not (home / "inbox").exists():
        asc(home, "sample", "--persons", str(PERSONS_FOR_WORKBOOK), "--months", "1", "--quiet")
    source = next((home / "inbox" / "submissions" / COUNCIL).glob("*.xlsx"))
    sheet = python_calamine.CalamineWorkbook.from_path(source).get_sheet_by_name(SHEET)
    lines = sheet.to_python(skip_empty_area=False)
    top = next(index for index, line in enumerate(lines) if "Event Type" in line)
    headers = [field.header for field in read_fields()]
    numbered = {headers.index("LA Person Unique Identifier"), headers.index("Event Reference")}
    records = [line[: len(headers)] for line in lines[top + 1 :]]
    with xlsxwriter.Workbook(path) as book:
        as_date = book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet(SHEET)
        page.write_row(0, 0, headers)
        for row in range(rows):
            times, index = divmod(row, len(records))
            for column, value in enumerate(records[index]):
                if value == "":
                    continue
                if column in numbered:
                    page.write_string(row + 1, column, f"{value}-{times}")
                elif isinstance(value, datetime.date):
                    page.write_datetime(row + 1, column, value, as_date)
                elif isinstance(value, str):
                    page.write_string(row + 1, column, value)
                else:
                    page.write_number(row + 1, column, value)
    return str(path)


def landed_sample(work: Path, persons: int, months: int) -> Path:
    """A home whose sample, errors and all, has landed: `months` submissions of three councils."""
    home = work / f"sample_{persons}_{months}"
    if not (home / "landed").exists():
        asc(home, "keys", "init", "--quiet")
        asc(home, "sample", "--persons", str(persons), "--months", str(months), "--quiet")
        asc(home, "land", "--quiet")
        (home / "landed").touch()
    return home
