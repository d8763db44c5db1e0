"""Councils' reports and the site's pages of the same: right numbers, nobody's details."""

import shutil
import stat
from pathlib import Path

import openpyxl
import pytest
from browser import documentation
from page_reading import everything_in, page, sheet
from reported_warehouse import (
    LIVERPOOL,
    MANCHESTER,
    OWN,
    PLANTED,
    ROCHDALE,
    add_releases,
    make_built,
    make_landed,
)

from plugins.home import Home
from reports import site
from reports.council import NOTHING_SENT
from reports.overview import NOT_BUILT
from reports.write import write_reports

DOCUMENTED = {"metadata": {"project_name": "made"}, "nodes": {}, "macros": {}}
SUBMISSION = f"{MANCHESTER}/2017-07-10-s1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_built(tmp_path_factory.mktemp("reports") / "home")
    add_releases(home)
    write_reports(home)
    return home


def test_no_personal_detail_comes_out(home: Home):
    found = everything_in(home.reports)
    assert [planted for planted in PLANTED if planted.lower() in found.lower()] == []


def test_the_pages_and_their_workbooks_hold_no_id_reference_or_row(home: Home):
    # Given failing rows with ids and references of the council's own
    found = everything_in(home.reports)
    # Then none is among the aggregates
    assert [
        w for w in ("M2", "M3", "EV5", "EVR", "@EV7", "1234567890", "Femle") if w in found
    ] == []


def test_a_sensitive_index_record_reads_like_any_other(home: Home):
    # Given a person found with response code 92
    found = everything_in(home.reports).lower()
    # Then no report marks it
    assert [w for w in ("sensitive", "92:", ">92<") if w in found] == []


@pytest.mark.parametrize(("one", "other"), [(MANCHESTER, ROCHDALE), (ROCHDALE, MANCHESTER)])
def test_a_council_sees_its_own_values_and_nothing_of_another(home: Home, one: str, other: str):
    # Given values in every mart that only one council has
    found = everything_in(home.reports / one)
    assert [value for value in OWN[one] if value not in found] == []
    assert [value for value in OWN[other] if value in found] == []
    names = {MANCHESTER: "manchester", ROCHDALE: "rochdale"}
    assert names[one] in found.lower() and names[other] not in found.lower()


def test_the_site_holds_no_file_name_id_or_reference(home: Home):
    text = everything_in(home.reports / "site")
    assert [w for w in ("xlsx", "M2", "R1", "EV8", "odd folder", "send it") if w in text] == []


def test_text_like_a_formula_is_text(home: Home):
    book = openpyxl.load_workbook(home.reports / f"{SUBMISSION}.xlsx")
    cells = [cell for ws in book for row in ws.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}


def test_a_workbook_is_ready_to_read_and_print(home: Home):
    book = openpyxl.load_workbook(home.reports / f"{SUBMISSION}.xlsx")
    assert book.sheetnames == ["Summary", "Findings", "Fields", "Values", "Figures"]
    for ws in book:
        assert ws.sheet_properties.pageSetUpPr.fitToPage
        assert (ws.page_setup.fitToWidth or 1, ws.page_setup.fitToHeight) == (1, 0)
        assert "Page &P of &N" in (ws.oddFooter.right.text or "")
        assert ws.column_dimensions["A"].width > 9
    for ws in book.worksheets[1:]:
        assert ws.freeze_panes == "A2"
        assert ws.page_setup.orientation == "landscape"
        assert ws.print_title_rows == "$1:$1"


def test_a_submission_says_what_was_found_and_what_changed(home: Home):
    read = page(home.reports / f"{SUBMISSION}.html")
    totals = {row[0]: row[1:] for row in read.tables["Totals to compare with your own system"]}
    assert totals["Rows checked"] == ["8", "3", "+5"]
    assert totals["Persons"] == ["6,600,001", "6,600,000", "+1"]
    assert totals["Requests"] == ["2", "2", "0"]
    caption = "Events since the submission before, 1 July 2016 to 31 May 2017"
    assert [row[1] for row in read.tables[caption]] == ["Events", "4", "1", "2"]
    by_rule = {row[0]: row[2:] for row in read.tables["Findings by rule"]}
    assert by_rule["The value is not on the field's list."] == ["Error", "3", "1", "+2"]
    by_field = {
        row[0]: row[1:] for row in read.tables["Errors and warnings by field and event type"]
    }
    assert by_field["Gender"] == ["0", "0", "4", "0", "0", "3", "1"]
    assert by_field["The file as a whole"][-3:] == ["1", "0", "1"]
    fields = {row[0]: row[1:] for row in read.tables["Valid cells by field, fewest first"]}
    assert fields["Gender"] == ["6,600,001", "5,000,000", "1", "75.8%", "87%"]


def test_the_first_submission_has_nothing_to_be_compared_with(home: Home):
    read = page(home.reports / f"{MANCHESTER}/2017-06-10-s0.html")
    totals = {row[0]: row[1:] for row in read.tables["Totals to compare with your own system"]}
    assert totals["Persons"] == ["6,600,000", "–", "–"]  # noqa: RUF001
    assert "no earlier submission" in read.text


def test_a_council_sees_its_submissions_schedule_and_figures(home: Home):
    council = page(home.reports / MANCHESTER / "data-quality.html")
    submissions = council.tables["Submissions received, newest first"][1:]
    assert [row[4:8] for row in submissions] == [
        ["0", "–", "–", "–"],  # noqa: RUF001
        ["8", "6", "2", "75.0%"],
        ["3", "1", "0", "33.3%"],
    ]
    links = {a["href"] for a in council.attributes("a")}
    assert {"2017-07-10-s1.html", "2017-06-10-s0.html"} <= links
    assert council.tables["Submissions due"][1][0::3] == ["June 2017", "Late, 1 day"]
    assert council.tables["Files of which nothing landed"][1][3].startswith("The file is empty")
    persons = council.tables["Persons by trace outcome"][1:]
    assert [row[0::3] for row in persons] == [
        ["Supplied number confirmed", "1"],
        ["Found by exact details", "1"],
        ["Not found", "1"],
    ]
    for words in ("3 (75.0%)", "33.3%", "1 of 3 persons", "4.5 days"):
        assert words in council.text
    figures = sheet(home.reports / f"{SUBMISSION}.xlsx", "Figures")
    assert figures[1][1:6] == ("Mancunian category", 3, 4, "75.0%", "events")


def test_managers_see_schedule_lateness_and_acceptance(home: Home):
    managers = page(home.reports / "site" / "collection.html")
    schedule = {row[0]: row[2:] for row in managers.tables["Schedule by month and council"]}
    assert schedule["May 2017"] == ["On time", "Missing", "–"]  # noqa: RUF001
    assert schedule["June 2017"][0] == "Late, 1 day"
    assert schedule["July 2017"][1] == "Not due yet"
    late = {row[0]: row[1:] for row in managers.tables["Lateness by council"]}
    assert late["Manchester"] == ["2", "1", "1", "0", "50.0%", "1"]
    assert late["Rochdale"] == ["1", "0", "0", "1", "0.0%", "–"]  # noqa: RUF001
    latest = {row[0]: row[1:] for row in managers.tables["Latest submission of each council"]}
    assert latest["Manchester"] == (
        ["10 July 2017", "8", "75.0%", "+5", "6,600,000", "0", "90.9%", "1"]
    )
    assert managers.text.count("<circle") == 2 * 2 + 1 * 2


def test_the_site_counts_councils_and_releases(home: Home):
    collected = page(home.reports / "site" / "collection.html")
    councils = {row[0]: row[2:] for row in collected.tables["Submissions by council"]}
    assert councils["Manchester"] == ["2", "0", "1", "10 August 2017", "11", "7", "2", "77.8%"]
    assert councils["Liverpool"][:3] == ["0", "0", "0"]
    assert councils["Not a submitting council"][2] == "1"
    assert councils["All"][4:7] == ["13", "9", "2"]
    released = page(home.reports / "site" / "releases.html")
    newest, withdrawn = released.tables["Releases"][1:]
    assert newest[:2] + newest[5:] == ["DSA-1", "A group (99A)", "linked_persons: 1,234", "Issued"]
    assert withdrawn[2::4] == ["20240101-001", "Withdrawn"]
    others = released.tables["Withdrawn, refused and other entries of the release ledger"][1:]
    assert [(row[0], row[3], row[5]) for row in others] == [
        ("Refused", "expired", "2"),
        ("Withdrawn", "asked <back>", "1"),
    ]


def test_files_are_the_owners_only(home: Home):
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode))
        for folder in (home.reports, home.row_lists)
        for path in [folder, *folder.rglob("*")]
    }
    assert modes == {(True, 0o700), (False, 0o600)}


def test_a_council_without_submissions_is_told_so(home: Home):
    council = (home.reports / LIVERPOOL / "data-quality.html").read_text(encoding="utf-8")
    assert NOTHING_SENT in council
    assert [path.name for path in (home.reports / LIVERPOOL).iterdir()] == ["data-quality.html"]
    assert not (home.row_lists / LIVERPOOL).exists()


def test_writing_again_replaces_and_leaves_nothing_behind(home: Home, tmp_path: Path):
    again = Home.at(tmp_path / "home")
    shutil.copytree(home.root, again.root)
    killed = again.reports / MANCHESTER / ".building"
    killed.mkdir()
    (killed / "left").touch()
    # Given reports of an earlier kind, the row lists in plain
    (again.reports / MANCHESTER / "data-quality.xlsx").touch()
    (again.row_lists / MANCHESTER / "2001-01-01-gone.xlsx").touch()
    written = write_reports(again)
    assert written == write_reports(again)
    found = {p for f in (again.reports, again.row_lists) for p in f.rglob("*") if p.is_file()}
    assert found == set(written)
    assert not killed.exists()
    for name in ("site/index.html", f"{SUBMISSION}.html", f"{SUBMISSION}.xlsx"):
        assert (again.reports / name).read_bytes() == (home.reports / name).read_bytes()


def test_landed_but_not_built(tmp_path: Path):
    home = make_landed(tmp_path / "home")
    write_reports(home)
    folder = home.reports / "site"
    assert NOT_BUILT in (folder / "index.html").read_text(encoding="utf-8")
    assert "Nothing has been released yet." in (folder / "releases.html").read_text(
        encoding="utf-8"
    )
    assert "No person has been traced yet." in (folder / "tracing.html").read_text(encoding="utf-8")
    council = page(home.reports / MANCHESTER / "data-quality.html")
    assert "2 submissions have not been checked yet" in council.text
    assert "8" in council.tables["Submissions received, newest first"][2]
    submission = (home.reports / f"{SUBMISSION}.html").read_text(encoding="utf-8")
    assert "This submission has not been checked yet" in submission
    assert not home.row_lists.exists()


def test_nothing_there_at_all(tmp_path: Path):
    home = Home.at(tmp_path / "home")
    written = write_reports(home)
    assert home.reports / "site" / "index.html" in written
    assert NOT_BUILT in (home.reports / "site" / "index.html").read_text(encoding="utf-8")
    assert not home.warehouse.exists()


def test_a_broken_manifest_is_named_and_stops_nothing(home: Home, tmp_path: Path):
    again = Home.at(tmp_path / "home")
    shutil.copytree(home.root, again.root)
    (again.releases / "DSA-1" / "20240101-002" / "manifest.json").write_text("{")
    write_reports(again)
    releases = page(again.reports / "site" / "releases.html").tables["Releases"]
    assert releases[1][5] == "The manifest cannot be read: run `asc verify`."


def test_documentation_stands_in_the_site_and_is_linked_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = Home.at(tmp_path / "home")
    generated = tmp_path / "static_index.html"
    monkeypatch.setattr(site, "DOCUMENTATION", generated)
    folder = home.reports / "site"
    assert folder / "dbt_docs.html" not in write_reports(home)
    assert "dbt_docs.html" not in (folder / "index.html").read_text()
    generated.write_text(documentation(DOCUMENTED), encoding="utf-8")
    assert folder / "dbt_docs.html" in write_reports(home)
    assert 'role="main"' in (folder / "dbt_docs.html").read_text()
    links = [a["href"] for a in page(folder / "index.html").attributes("a")]
    assert "dbt_docs.html" in links
