"""Row lists: the council's own ids for its own eyes, encrypted before they touch the disk."""

import sys
import zipfile
from io import BytesIO
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
from page_reading import sheet, unlocked
from reported_warehouse import (
    BORN,
    FORMULA,
    LAST,
    MANCHESTER,
    NHS_NUMBER,
    OTHER_NHS_NUMBER,
    PLANTED,
    ROCHDALE,
    make_built,
)

from plugins.home import Home
from plugins.keys import KeyRing
from reports import workbook
from reports.write import write_reports

_OPENED_TO_WRITE: list[str] = []


def _watch(event: str, arguments: tuple) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes) and arguments[1] != "r":
        mode, flags = arguments[1], arguments[2] or 0
        if (mode and set(mode) & set("wax+")) or flags & 3:
            _OPENED_TO_WRITE.append(str(arguments[0]))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_built(tmp_path_factory.mktemp("lists") / "home")


@pytest.fixture(scope="module")
def written(home: Home) -> list[Path]:
    """What a run writes, and every path that it opened to write."""
    sys.addaudithook(_watch)
    _OPENED_TO_WRITE.clear()
    return write_reports(home)


@pytest.fixture(scope="module")
def book(home: Home, written: list[Path]) -> BytesIO:
    """The row list of Manchester's submission, opened as the council would."""
    password = KeyRing(home.keys).council_password(MANCHESTER)
    return unlocked(home.row_lists / MANCHESTER / "2017-07-10-s1.xlsx", password)


@pytest.fixture(scope="module")
def rows(book: BytesIO) -> dict[int, list[tuple]]:
    """The failing rows by sheet row number."""
    listed: dict[int, list[tuple]] = {}
    for row in sheet(book, "Failing rows")[1:]:
        listed.setdefault(row[0], []).append(row)
    return listed


def test_a_row_list_opens_with_its_councils_password_and_no_other(home: Home, written: list[Path]):
    path = home.row_lists / MANCHESTER / "2017-07-10-s1.xlsx"
    ring = KeyRing(home.keys)
    assert unlocked(path, ring.council_password(MANCHESTER)).read(2) == b"PK"
    for wrong in ("password", ring.council_password(ROCHDALE)):
        with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
            unlocked(path, wrong)
    assert not zipfile.is_zipfile(path)
    with pytest.raises(zipfile.BadZipFile):
        openpyxl.load_workbook(path)


def test_the_plain_content_is_nowhere_on_disk(home: Home, written: list[Path], rows: dict):
    # Given what the row list holds
    planted = [b"EV5", b"Femle", b"@EV7", b"1234567890"]
    assert rows
    # Then no file of the warehouse's folder holds it, packed or not
    for path in home.root.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                content = b"".join(package.read(name) for name in package.namelist())
        if home.row_lists in path.parents or path.suffix in (".html", ".xlsx"):
            assert [w for w in planted if w in content] == [], path
    # And nothing was written on the way but what was meant to be
    meant = {home.reports, home.row_lists, home.warehouse}
    strays = [p for p in _OPENED_TO_WRITE if not meant & set(Path(p).parents) and p != "/dev/null"]
    assert strays == []
    assert [p for p in _OPENED_TO_WRITE if str(home.row_lists) in p]
    assert list(home.row_lists.rglob(".building")) == []


def test_passwords_differ_by_council_and_change_by_rotation(home: Home):
    ring = KeyRing(home.keys)
    before = ring.council_password(MANCHESTER)
    assert before == ring.council_password(MANCHESTER) != ring.council_password(ROCHDALE)
    assert len(before.replace("-", "")) * 5 == 160
    assert ring.rotate(f"rows-{ROCHDALE}") == f"rows-{ROCHDALE}.v2"
    assert before == ring.council_password(MANCHESTER)
    kinds = {key["id"]: key["kind"] for key in ring.keys_listed()}
    assert kinds[f"rows-{ROCHDALE}.v2"] == "password"


def test_failing_rows_are_listed_and_notes_are_not(rows: dict):
    # Row 4 has a note only, row 8 nothing.
    assert set(rows) == {2, 3, 5, 6, 7, 9}
    assert rows[3] == [
        (
            *(3, "-5+2", "M3", "Service", "Set aside", "Error", "The row as a whole", None),
            "The event ends before it starts.",
            "The cell is not a date.",
        )
    ]
    assert rows[7][0][7:] == ("Femle", "a_rule_of_tomorrow", None)


def test_ids_that_hold_personal_details_or_are_anothers_are_withheld(rows: dict):
    ids = {number: found[0][1:3] for number, found in rows.items()}
    assert ids[5] == ids[6] == ("withheld", "withheld")
    assert ids[7] == ("@EV7", "1234567890")
    assert ids[9] == ("+EV9", None)


def test_values_that_may_be_somebodys_details_are_withheld(rows: dict):
    values = {(row[0], row[6]): row[7] for found in rows.values() for row in found}
    assert values[2, "Gender"] == FORMULA
    assert values[2, "Ethnicity"] == "withheld"  # a name of the file, the other way round
    assert values[6, "Gender"] == "withheld"  # an NHS number of somebody else
    assert values[9, "Gender"] == "withheld"  # a date


def test_no_personal_detail_is_in_a_row_list(book: BytesIO):
    read = openpyxl.load_workbook(book)
    text = "\n".join(str(c.value) for ws in read for row in ws.iter_rows() for c in row).lower()
    assert [
        w for w in (*PLANTED, LAST, NHS_NUMBER, OTHER_NHS_NUMBER, BORN) if w.lower() in text
    ] == []
    assert [w for w in ("evr", "7700001", "rochdal") if w in text] == []


def test_text_like_a_formula_is_text_in_a_row_list(book: BytesIO):
    read = openpyxl.load_workbook(book)
    assert read.sheetnames == ["Summary", "Failing rows", "Values sent", "Findings", "Fields"]
    cells = [cell for ws in read for row in ws.iter_rows() for cell in row]
    assert {FORMULA, "-5+2", "@EV7", "+EV9"} <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}


def test_values_sent_are_counted_by_field_and_event_type(book: BytesIO):
    counted = {row[:3]: row[-1] for row in sheet(book, "Values sent")[1:]}
    assert counted["Gender", "Service", "Femle"] == 1
    assert counted["Gender", "Service", "withheld"] == 2


def test_more_rows_than_a_sheet_holds_go_on_to_the_next(
    home: Home, monkeypatch: pytest.MonkeyPatch, written: list[Path]
):
    monkeypatch.setattr(workbook, "_ROWS_PER_SHEET", 3)
    write_reports(home)
    password = KeyRing(home.keys).council_password(MANCHESTER)
    content = unlocked(home.row_lists / MANCHESTER / "2017-07-10-s1.xlsx", password)
    names = openpyxl.load_workbook(content).sheetnames
    parts = [name for name in names if name.startswith("Failing rows")]
    assert parts == ["Failing rows", "Failing rows 2", "Failing rows 3"]
    assert sum(len(sheet(content, name)) - 1 for name in parts) == 7
