"""Councils' reports and the index: right numbers, nobody's details, nothing fetched."""

import shutil
import stat
from pathlib import Path

import openpyxl
import pytest
from page_reading import everything_in, page, sheet
from reported_warehouse import (
    FORMULA,
    LIVERPOOL,
    MANCHESTER,
    PLANTED,
    ROCHDALE,
    add_releases,
    make_built,
    make_landed,
)

from plugins.home import Home
from reports import workbook, write
from reports.council import NOTHING_SENT
from reports.overview import NOT_BUILT
from reports.write import write_reports


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_built(tmp_path_factory.mktemp("reports") / "home")
    add_releases(home)
    write_reports(home)
    return home


@pytest.fixture(scope="module")
def rows(home: Home) -> dict[tuple, tuple]:
    """The row list of Manchester by sheet row number and rule id."""
    listed = sheet(home.reports / MANCHESTER / "data-quality.xlsx", "Rows")
    return {(row[2], row[8]): row for row in listed[1:]}


def test_no_personal_detail_comes_out(home: Home):
    found = everything_in(home.reports)
    assert [planted for planted in PLANTED if planted.lower() in found.lower()] == []


def test_a_sensitive_index_record_reads_like_any_other(home: Home):
    # Given a person found with response code 92
    found = everything_in(home.reports).lower()
    # Then no report marks it
    assert [w for w in ("sensitive", "92:", ">92<") if w in found] == []


def test_a_council_sees_nothing_of_another(home: Home):
    manchester = everything_in(home.reports / MANCHESTER)
    assert [w for w in ("R1", "EV5", "EVR", "rochdale", "stray") if w in manchester] == []
    rochdale = everything_in(home.reports / ROCHDALE)
    assert "EVR" in rochdale
    assert "manchester" not in rochdale.lower()


def test_the_index_holds_no_file_name_id_or_reference(home: Home):
    text = (home.reports / "index.html").read_text(encoding="utf-8")
    assert [
        w for w in ("xlsx", "M2", "R1", "EV8", "odd folder", "send it again") if w in text
    ] == []


def test_rows_are_listed_with_what_to_do(rows: dict):
    assert {number for number, _ in rows} == {2, 3, 4, 5, 6, 7, 9}
    assert rows[3, "end_before_start"] == (
        "manchester <1> & more.xlsx",
        "Data",
        3,
        "Set aside",
        "-5+2",
        "M3",
        "The row as a whole",
        "Error",
        "end_before_start",
        "The event ends before it starts.",
        "Correct the dates.",
    )
    assert rows[7, "a_rule_of_tomorrow"][9] == "a_rule_of_tomorrow"


def test_ids_that_hold_personal_details_or_are_anothers_are_withheld(rows: dict):
    ids = {key[0]: row[4:6] for key, row in rows.items()}
    assert ids[4] == ids[5] == ids[6] == ("withheld", "withheld")
    assert ids[7] == ("@EV7", "1234567890")
    assert ids[9] == ("+EV9", None)


def test_text_like_a_formula_is_text(home: Home):
    book = openpyxl.load_workbook(home.reports / MANCHESTER / "data-quality.xlsx")
    cells = [cell for ws in book for row in ws.iter_rows() for cell in row]
    assert FORMULA in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}


def test_the_workbook_is_ready_to_read_and_print(home: Home):
    book = openpyxl.load_workbook(home.reports / MANCHESTER / "data-quality.xlsx")
    assert book.sheetnames == ["Summary", "Findings", "Rows"]
    for ws in book:
        assert ws.freeze_panes == "A2"
        assert ws.page_setup.orientation == "landscape"
        assert ws.sheet_properties.pageSetUpPr.fitToPage
        assert (ws.page_setup.fitToWidth or 1, ws.page_setup.fitToHeight) == (1, 0)
        assert ws.print_title_rows == "$1:$1"
        assert ws.column_dimensions["A"].width > 9


def test_numbers_agree_with_the_tables(home: Home):
    council = page(home.reports / MANCHESTER / "data-quality.html")
    submissions = council.tables["Submissions received"][1:]
    assert [row[4:] for row in submissions] == [["8", "6", "2", "75.0%"], ["0", "–", "–", "–"]]  # noqa: RUF001
    by_rule = {row[0]: row[2:] for row in council.tables["Findings by rule"]}
    assert by_rule["The value is not on the field's list."] == ["Error", "3", "1"]
    by_field = {row[0]: row[1:] for row in council.tables["Findings by field"]}
    assert by_field["Gender"] == ["3", "1", "0", "4"]
    assert by_field["The file as a whole"][:3] == ["0", "1", "0"]
    persons = council.tables["Persons by trace outcome"][1:]
    assert [row[0::3] for row in persons] == [
        ["Supplied number confirmed", "1"],
        ["Found by exact details", "1"],
        ["Not found", "1"],
    ]
    refused = council.tables["Files of which nothing landed"]
    assert refused[1][3] == "The file is empty (0 bytes): send it again."


def test_the_index_counts_councils_and_releases(home: Home):
    index = page(home.reports / "index.html")
    councils = {row[0]: row[2:] for row in index.tables["Submissions by council"]}
    assert councils["Manchester"] == ["1", "0", "1", "10 August 2017", "8", "6", "2", "75.0%"]
    assert councils["Liverpool"][:3] == ["0", "0", "0"]
    assert councils["Not a submitting council"][2] == "1"
    assert councils["All"][4:7] == ["10", "8", "2"]
    traced = {row[0]: row[1:] for row in index.tables["Persons by trace step"]}
    assert traced["All"] == ["1", "1", "0", "2", "4", "50.0%"]
    newest, withdrawn = index.tables["Releases"][1:]
    assert newest[:2] + newest[6:] == ["DSA-1", "Planning", "linked_persons: 1,234", "Issued"]
    assert withdrawn[3::4] == ["20240101-001", "Withdrawn"]
    others = index.tables["Withdrawn, refused and other entries of the release ledger"][1:]
    assert [(row[0], row[3], row[5]) for row in others] == [
        ("Refused", "expired", "2"),
        ("Withdrawn", "asked <back>", "1"),
    ]


@pytest.mark.parametrize("name", ["index.html", f"{MANCHESTER}/data-quality.html"])
def test_pages_are_accessible_and_fetch_nothing(home: Home, name: str):
    read = page(home.reports / name)
    assert read.attributes("html") == [{"lang": "en-GB"}]
    assert read.title.strip()
    assert [len(read.attributes(tag)) for tag in ("h1", "main", "header", "footer")] == [1] * 4
    assert read.attributes("a")[0] == {"class": "skip", "href": "#main"}
    assert len(read.tables) == len(read.attributes("table"))
    assert all(cell.get("scope") for cell in read.attributes("th"))
    assert all(svg["role"] == "img" and svg["aria-labelledby"] for svg in read.attributes("svg"))
    assert not {"script", "img", "iframe", "object", "embed"} & {tag for tag, _ in read.tags}
    assert "http" not in read.text
    assert "@import" not in read.text and "url(" not in read.text


def test_files_are_the_owners_only(home: Home):
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode))
        for path in [home.reports, *home.reports.rglob("*")]
    }
    assert modes == {(True, 0o700), (False, 0o600)}


def test_a_council_without_submissions_is_told_so(home: Home):
    council = (home.reports / LIVERPOOL / "data-quality.html").read_text(encoding="utf-8")
    assert NOTHING_SENT in council
    listed = sheet(home.reports / LIVERPOOL / "data-quality.xlsx", "Rows")
    assert listed[1][0] == "No rows to look at."


def test_writing_again_replaces_and_leaves_nothing_behind(home: Home, tmp_path: Path):
    again = Home.at(tmp_path / "home")
    shutil.copytree(home.root, again.root)
    killed = again.reports / MANCHESTER / ".building"
    killed.mkdir()
    (killed / "left").touch()
    written = write_reports(again)
    assert written == write_reports(again)
    assert {p for p in again.reports.rglob("*") if p.is_file()} == set(written)
    assert not killed.exists()
    for name in ("index.html", f"{MANCHESTER}/data-quality.html"):
        assert (again.reports / name).read_text() == (home.reports / name).read_text()


def test_landed_but_not_built(tmp_path: Path):
    home = make_landed(tmp_path / "home")
    write_reports(home)
    index = (home.reports / "index.html").read_text(encoding="utf-8")
    assert NOT_BUILT in index
    assert "Nothing has been released yet." in index
    council = page(home.reports / MANCHESTER / "data-quality.html")
    assert "1 submission has not been checked yet" in council.text
    assert "8" in council.tables["Submissions received"][1]


def test_nothing_there_at_all(tmp_path: Path):
    home = Home.at(tmp_path / "home")
    written = write_reports(home)
    assert home.reports / "index.html" in written
    assert NOT_BUILT in (home.reports / "index.html").read_text(encoding="utf-8")
    assert not home.warehouse.exists()


def test_a_broken_manifest_is_named_and_stops_nothing(home: Home, tmp_path: Path):
    again = Home.at(tmp_path / "home")
    shutil.copytree(home.root, again.root)
    (again.releases / "DSA-1" / "20240101-002" / "manifest.json").write_text("{")
    write_reports(again)
    releases = page(again.reports / "index.html").tables["Releases"]
    assert releases[1][6] == "The manifest cannot be read: run `asc verify`."


def test_documentation_is_copied_and_linked_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = Home.at(tmp_path / "home")
    generated = tmp_path / "static_index.html"
    monkeypatch.setattr(write, "DOCUMENTATION", generated)
    assert home.reports / "dbt_docs.html" not in write_reports(home)
    generated.write_text("docs")
    assert home.reports / "dbt_docs.html" in write_reports(home)
    assert (home.reports / "dbt_docs.html").read_text() == "docs"
    links = [a["href"] for a in page(home.reports / "index.html").attributes("a")]
    assert "dbt_docs.html" in links


def test_more_rows_than_a_sheet_holds_go_on_to_the_next(home: Home, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(workbook, "_ROWS_PER_SHEET", 3)
    again = Home.at(tmp_path / "home")
    shutil.copytree(home.root, again.root)
    write_reports(again)
    path = again.reports / MANCHESTER / "data-quality.xlsx"
    names = openpyxl.load_workbook(path).sheetnames
    assert names == ["Summary", "Findings", "Rows", "Rows 2", "Rows 3"]
    assert sum(len(sheet(path, name)) - 1 for name in names[2:]) == 8
