"""One test per reason to refuse a file, and what a refusal leaves behind."""

import io
import os
import zipfile

import loader_files as files
import pytest

import loaders.landing_tables
import loaders.submissions
from loaders.land import land_inbox
from loaders.refusals import Refusal
from plugins.home import Home
from plugins.keys import KeyRing
from plugins.zones import connect

HTML = b"<html><body><table><tr><td>LA Code</td></tr></table></body></html>"
CSV = b"LA Code,NHS Number\n306,9434765919\n"
HEADER_ONLY = files.xlsx_bytes({"Data": [["Title"], list(files.HEADERS)]})
LOOKUP_ONLY = files.xlsx_bytes({"Lists": [["Gender", "Ethnicity", "Postcode", "Dementia"], ["a"]]})
OTHER_ZIP = io.BytesIO()
with zipfile.ZipFile(OTHER_ZIP, "w") as archive:
    archive.writestr("content.xml", "<a/>")

CASES = {
    "other_suffix": ("f.csv", CSV, Refusal.SUFFIX),
    "no_suffix": ("file", files.good_xlsx(), Refusal.SUFFIX),
    "binary_workbook_suffix": ("f.xlsb", files.good_xlsx(), Refusal.SUFFIX),
    "lock_file": ("~$f.xlsx", b"\x07owner", Refusal.TEMPORARY_NAME),
    "macro_suffix": ("f.xlsm", files.good_xlsx(), Refusal.MACRO),
    "macro_in_xlsx": (
        "f.xlsx",
        files.with_entry(files.good_xlsx(), "xl/vbaProject.bin"),
        Refusal.MACRO,
    ),
    "macro_in_xls": ("f.xls", files.macro_xls(), Refusal.MACRO),
    "password_xlsx": ("f.xlsx", files.encrypted_xlsx(), Refusal.ENCRYPTED),
    "password_xlsx_named_xls": ("f.xls", files.encrypted_xlsx(), Refusal.ENCRYPTED),
    "password_xls": ("f.xls", files.encrypted_xls(), Refusal.ENCRYPTED),
    "xlsx_named_xls": ("f.xls", files.good_xlsx(), Refusal.XLSX_AS_XLS),
    "xls_named_xlsx": (
        "f.xlsx",
        files.xls_bytes({"Data": [list(files.HEADERS), *files.records(2)]}),
        Refusal.XLS_AS_XLSX,
    ),
    "html_named_xls": ("f.xls", HTML, Refusal.HTML_CONTENT),
    "html_named_xlsx": ("f.xlsx", b"\xef\xbb\xbf\n " + HTML, Refusal.HTML_CONTENT),
    "xml_named_xls": ("f.xls", b"<?xml version='1.0'?><Workbook/>", Refusal.XML_CONTENT),
    "csv_named_xls": ("f.xls", CSV, Refusal.TEXT_CONTENT),
    "csv_in_utf16_named_xlsx": ("f.xlsx", CSV.decode().encode("utf-16"), Refusal.TEXT_CONTENT),
    "picture_named_xlsx": ("f.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Refusal.OTHER_CONTENT),
    "other_zip_named_xlsx": ("f.xlsx", OTHER_ZIP.getvalue(), Refusal.OTHER_CONTENT),
    "zero_bytes": ("f.xlsx", b"", Refusal.EMPTY_FILE),
    "cut_off_xlsx": ("f.xlsx", files.good_xlsx(500)[:-300], Refusal.CORRUPT),
    "cut_off_xls": (
        "f.xls",
        files.xls_bytes({"Data": [list(files.HEADERS), *files.records(500)]})[:700],
        Refusal.CORRUPT,
    ),
    "no_cells": ("f.xlsx", files.xlsx_bytes({"One": [], "Two": []}), Refusal.NO_CELLS),
    "no_header": ("f.xlsx", files.xlsx_bytes({"Data": files.records(5)}), Refusal.NO_HEADER),
    "lookup_sheet_only": ("f.xlsx", LOOKUP_ONLY, Refusal.NO_HEADER),
    "header_without_rows": ("f.xlsx", HEADER_ONLY, Refusal.NO_ROWS),
    "other_council": ("f.xlsx", files.good_xlsx(la_code="355"), Refusal.OTHER_COUNCIL),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """All cases landed in one run: the report, rows by file name, counts of the rest."""
    home = Home.at(tmp_path_factory.mktemp("refused"))
    home.inbox.mkdir()
    KeyRing(home.keys).initialise()
    for case, (name, content, _) in CASES.items():
        files.put(home.root, "306", file_name(case, name), content)
    report = land_inbox(home)
    with connect(home, identifiable="read") as connection:
        submissions = connection.execute(
            "select file_name, submission_id, outcome, reason, rows_read, sheet_name "
            "from identifiable.landing.submissions"
        ).fetchall()
        rest = connection.execute(
            "select (select count(*) from identifiable.landing.submission_rows), "
            "(select count(*) from identifiable.landing.submission_columns)"
        ).fetchall()
    return report, {row[0]: row[1:] for row in submissions}, rest


def file_name(case: str, name: str) -> str:
    """A name of its own for each case: `f.xls` -> `f_csv_named_xls.xls`."""
    return name.replace("f.", f"f_{case}.")


@pytest.mark.parametrize("case", CASES)
def test_given_a_file_that_breaks_a_rule_when_landed_then_it_is_refused_with_the_rules_sentence(
    case, refused
):
    report, submissions, _ = refused
    name, _, refusal = CASES[case]

    submission_id, *row = submissions[file_name(case, name)]

    assert row == ["refused", refusal.value, 0, None]
    assert [r.reason for r in report.refusals if r.submission_id == submission_id] == [
        refusal.value
    ]


def test_given_refused_files_only_when_landed_then_no_row_or_column_is_left(refused):
    report, submissions, rest = refused

    assert rest == [(0, 0)]
    assert report.exit_code == 3
    assert report.files_refused == len(submissions) == len(CASES)


@pytest.mark.parametrize("council", ["355", "Manchester", "0306"])
def test_given_an_unknown_council_folder_when_landed_then_each_of_its_files_is_refused(
    council, home
):
    files.put(home.root, council, "a.xlsx", files.good_xlsx(1))
    files.put(home.root, council, "b.xlsx", files.good_xlsx(2))

    report = land_inbox(home)

    assert [r.reason for r in report.refusals] == [Refusal.UNKNOWN_COUNCIL.value] * 2
    assert council not in report.to_json()


def test_given_damaged_bytes_inside_an_xlsx_when_landed_then_it_is_refused_as_corrupt(home):
    content = bytearray(files.good_xlsx(2000))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        info = package.getinfo("xl/worksheets/sheet1.xml")
    middle = info.header_offset + info.compress_size // 2
    content[middle : middle + 40] = os.urandom(40)
    files.put(home.root, "306", "a.xlsx", bytes(content))

    report = land_inbox(home)

    assert [r.reason for r in report.refusals] == [Refusal.CORRUPT.value]


@pytest.mark.parametrize("reference", ["ZZZZZZ1", "zzzzzzz1", "XFE1", "A1048577", "B7"])
def test_given_a_cell_where_no_worksheet_has_one_when_landed_then_it_is_refused_as_corrupt(
    reference, home
):
    # Guards the memory: none is asked for as far as such a cell lies.
    row = reference.lstrip("BAXFEZz")
    again = f'<row r="7"/><row r="{row}"><c r="{reference}" t="e"><v>#N/A</v></c></row>'
    content = files.with_part(
        files.good_xlsx(5),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"</sheetData>", again.encode() + b"</sheetData>"),
    )
    files.put(home.root, "306", "a.xlsx", content)

    assert [r.reason for r in land_inbox(home).refusals] == [Refusal.CORRUPT.value]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", b'name="Two"', b'name="One"'),
        ("xl/workbook.xml", b'r:id="rId2"', b'r:id="rId99"'),
    ],
    ids=["two_sheets_of_one_name", "a_sheet_without_its_part"],
)
def test_given_a_sheet_that_would_go_unseen_when_landed_then_the_file_is_refused(
    part, old, new, home
):
    sheet = [list(files.HEADERS), *files.records(2)]
    content = files.xlsx_bytes({"One": sheet, "Two": sheet})
    spoilt = files.with_part(content, part, lambda data: data.replace(old, new))
    assert spoilt != content
    files.put(home.root, "306", "a.xlsx", spoilt)

    assert [r.reason for r in land_inbox(home).refusals] == [Refusal.CORRUPT.value]


def test_given_a_small_file_that_unpacks_without_end_when_landed_then_it_is_refused(home):
    content = files.with_entry(files.good_xlsx(), "xl/media/a.xml", bytes(300 * 1024**2))
    assert len(content) < 2**20
    files.put(home.root, "306", "a.xlsx", content)

    assert [r.reason for r in land_inbox(home).refusals] == [Refusal.TOO_LARGE.value]


def test_given_rows_that_no_table_can_hold_when_landed_then_the_rest_of_the_inbox_lands(
    home, monkeypatch
):
    add = loaders.landing_tables.add_records

    def overflow(connection, submission_id, data):
        if len(data.row_numbers) == 5:
            raise OverflowError("9434765919")
        add(connection, submission_id, data)

    monkeypatch.setattr(loaders.landing_tables, "add_records", overflow)
    files.put(home.root, "306", "a.xlsx", files.good_xlsx(5), day=1)
    files.put(home.root, "306", "b.xlsx", files.good_xlsx(6), day=2)

    report = land_inbox(home)

    assert (report.files_refused, report.rows_landed) == (1, 6)
    assert "(OverflowError)" in report.refusals[0].reason
    assert "9434765919" not in report.to_json()


def test_given_an_unforeseen_error_in_reading_when_landed_then_only_its_class_is_named(
    home, monkeypatch
):
    def fail(*_):
        raise ZeroDivisionError("9434765919 of Mrs Example")

    monkeypatch.setattr(loaders.submissions, "read_sheet", fail)
    files.put(home.root, "306", "mrs_example.xlsx", files.good_xlsx())

    report = land_inbox(home)

    assert "(ZeroDivisionError)" in report.refusals[0].reason
    assert "xample" not in report.to_json()
    assert "9434765919" not in report.to_json()


def test_given_a_refused_file_when_landed_again_then_it_is_neither_refused_nor_recorded_again(
    home, query
):
    files.put(home.root, "306", "a.xls", CSV)
    files.put(home.root, "306", "b.xlsx", files.good_xlsx())

    first, second = land_inbox(home), land_inbox(home)

    assert (first.exit_code, second.exit_code) == (3, 0)
    assert second.files_already_there == 2
    assert query(
        "select outcome, count(*) from identifiable.landing.submissions group by all order by all"
    ) == [("landed", 1), ("refused", 1)]


@pytest.mark.parametrize("code", ["306", "352", "e08000003", " 306 "])
def test_given_a_code_of_the_senders_own_when_landed_then_the_file_is_accepted(code, home):
    files.put(home.root, "306", "a.xlsx", files.good_xlsx(3, la_code=code))

    assert land_inbox(home).rows_landed == 3


@pytest.mark.parametrize("codes", [["355", "306"], ["", ""], ["355", "", ""], ["Town Hall"]])
def test_given_rows_that_are_not_all_another_councils_when_landed_then_the_file_is_accepted(
    codes, home
):
    rows = [files.records(1, code)[0] for code in codes]
    files.put(home.root, "306", "a.xlsx", files.xlsx_bytes({"D": [list(files.HEADERS), *rows]}))

    assert land_inbox(home).rows_landed == len(codes)


def test_given_another_councils_rows_and_a_total_row_when_landed_then_the_file_is_refused(home):
    rows = [*files.records(3, "355"), [None, None, "Total", None, "3"]]
    files.put(home.root, "306", "a.xlsx", files.xlsx_bytes({"D": [list(files.HEADERS), *rows]}))

    assert land_inbox(home).refusals[0].reason == Refusal.OTHER_COUNCIL.value


def test_given_every_refusal_then_its_sentence_is_one_that_says_what_to_do():
    sentences = [refusal.value for refusal in Refusal]

    assert len(set(sentences)) == len(sentences)
    assert all(
        s.endswith(".") and any(verb in s for verb in ("send", "save", "check", "put"))
        for s in sentences
    )
