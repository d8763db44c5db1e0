"""What stands in a workbook lands as it stands: both formats, both date systems."""

import datetime
import io
import json
import subprocess
import sys

import loader_files as files
import openpyxl
import pytest
import xlsxwriter
import xlwt

from loaders.exact_xlsx import exact_rows
from loaders.land import land_inbox
from loaders.regular_xlsx import RegularSheet
from loaders.workbooks import XlsWorkbook, XlsxWorkbook
from loaders.xlsx_package import XlsxPackage
from plugins.home import PROJECT_ROOT

NBSP = "\u00a0"
ERRORS = {"#N/A": 0x2A, "#REF!": 0x17, "#DIV/0!": 0x07}
DAY = datetime.datetime(2017, 6, 30)

READ_IN_ONE_GIGABYTE = """
import resource, sys
from loaders.workbooks import XlsxWorkbook

resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
for block in XlsxWorkbook(sys.stdin.buffer.read()).blocks("Data"):
    for number, _ in block.rows():
        pass
print(number)
"""


class RegularBook:
    """A workbook that only the reader of the plain form reads."""

    def __init__(self, content):
        self._package = XlsxPackage(content)

    def blocks(self, sheet_name):
        return RegularSheet(self._package, sheet_name).blocks()


def rows_of(workbook, sheet="Extract"):
    """(row number, texts) of each row of the sheet that holds anything."""
    return [row for block in workbook.blocks(sheet) for row in block.rows()]


# What a cell is, and the text that lands for it.
CELLS = [
    (("number", 9434765919.0), "9434765919"),
    (("text", "9434765919"), "9434765919"),
    (("text", f"{NBSP}943 476 5919\t "), f"{NBSP}943 476 5919\t "),
    (("text", "'9434765919"), "'9434765919"),
    (("text", "9.43477E+09"), "9.43477E+09"),
    (("text", "004512"), "004512"),
    (("text", "NULL"), "NULL"),
    (("text", "#N/A"), "#N/A"),
    (("text", "line\nbreak"), "line\nbreak"),
    (("text", "O\u2019Neil \u2013 \U0001f600"), "O\u2019Neil \u2013 \U0001f600"),
    (("number", 0.1), "0.1"),
    (("number", 1e21), "1000000000000000000000"),
    (("number", 1e-7), "0.0000001"),
    (("number", -12.5), "-12.5"),
    (("date", DAY), "2017-06-30"),
    (("datetime", DAY.replace(hour=23)), "2017-06-30T23:00:00"),
    (("time", 0.5), "12:00:00"),
    (("duration", 1.25), "30:00:00"),
    (("date", -5), "-5"),
    (("bool", True), "TRUE"),
    (("bool", False), "FALSE"),
    (("error", "#N/A"), "#N/A"),
    (("error", "#REF!"), "#REF!"),
    (("error", "#DIV/0!"), "#DIV/0!"),
    (("blank", None), None),
    (("text", ""), None),
    (("formula", None), None),
]
ONLY_1900 = [
    (("date", 0), "1900-01-00"),
    (("date", 1), "1900-01-01"),
    (("date", 59), "1900-02-28"),
    (("date", 60), "1900-02-29"),
    (("date", 61), "1900-03-01"),
]
ONLY_1904 = [(("date", 0), "1904-01-01"), (("date", 60), "1904-03-01")]
FORMATS = {
    "date": "dd/mm/yyyy",
    "datetime": "dd/mm/yyyy hh:mm",
    "time": "hh:mm:ss",
    "duration": "[h]:mm:ss",
    "blank": "dd/mm/yyyy",
}
TITLE_ROWS = 4  # rows 1 to 4: title, blank rows
HEADER = ["LA Code", "nhs  NUMBER", None, "LA Person\nUnique Identifier", "Event Type", "Ward"]
HEADER += ["EVENT_TYPE", "Postcode"]


def nasty_sheet(cells) -> list[list[tuple]]:
    """Title, blank rows, header in column B on; cell under test in NHS Number; blank row; total."""
    text = [[("text", h) if h else ("blank", None) for h in HEADER]]
    for number, (cell, _) in enumerate(cells):
        row = [("number", 306), cell, ("text", "stray"), ("text", f"P{number}")]
        row += [("text", "Service"), ("text", " Moss Side "), ("text", "Review"), ("blank", None)]
        text.append(row)
    blank = [("blank", None)] * len(HEADER)
    total = [("text", "Total"), ("number", len(cells))]
    return [[("text", "Client level data")], [], [], [], *text, [], blank, total, blank, blank]


def write_xlsx(rows, date_1904: bool) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"date_1904": date_1904}) as workbook:
        formats = {k: workbook.add_format({"num_format": f}) for k, f in FORMATS.items()}
        sheet = workbook.add_worksheet("Extract")
        sheet.hide()
        for r, row in enumerate(rows):
            for c, (kind, value) in enumerate(row, start=1):
                if kind == "text":
                    sheet.write_string(r, c, value)
                elif kind == "bool":
                    sheet.write_boolean(r, c, value)
                elif kind == "error":
                    sheet.write_formula(r, c, "=A1", None, value)
                elif kind == "formula":
                    sheet.write_formula(r, c, "=A1", None, "")
                elif kind == "blank":
                    sheet.write_blank(r, c, None, formats["blank"])
                elif isinstance(value, datetime.datetime):
                    sheet.write_datetime(r, c, value, formats[kind])
                else:
                    sheet.write_number(r, c, value, formats.get(kind))
        lookup = workbook.add_worksheet("Lists")
        lookup.activate()
        lookup.write_column(0, 0, ["Gender", "Male", "Female"])
    return buffer.getvalue()


def write_xls(rows, date_1904: bool) -> bytes:
    workbook = xlwt.Workbook()
    workbook.dates_1904 = date_1904
    styles = {k: xlwt.easyxf(num_format_str=f) for k, f in FORMATS.items()}
    sheet = workbook.add_sheet("Extract")
    for r, row in enumerate(rows):
        for c, (kind, value) in enumerate(row, start=1):
            if kind == "error":
                sheet.row(r).set_cell_error(c, ERRORS[value])
            elif kind == "formula":
                sheet.write(r, c, xlwt.Formula("1+1"))
            elif kind == "blank":
                sheet.write(r, c, "", styles["blank"])
            elif kind in styles:
                sheet.write(r, c, value, styles[kind])
            else:
                sheet.write(r, c, value)
    lookup = workbook.add_sheet("Lists")
    lookup.write(0, 0, "Gender")
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("date_1904", [False, True], ids=["1900", "1904"])
@pytest.mark.parametrize("write", [write_xlsx, write_xls], ids=["xlsx", "xls"])
def test_given_a_nasty_sheet_when_landed_then_every_cell_is_recoverable_as_stored(
    write, date_1904, home, query
):
    cells = CELLS + (ONLY_1904 if date_1904 else ONLY_1900)
    suffix = "xlsx" if write is write_xlsx else "xls"
    files.put(home.root, "306", f"a.{suffix}", write(nasty_sheet(cells), date_1904))

    report = land_inbox(home)

    assert report.refusals == []
    landed = query(
        "select row_number, la_code, nhs_number, la_person_unique_identifier, event_type, postcode,"
        " other_columns from identifiable.landing.submission_rows order by row_number"
    )
    first = TITLE_ROWS + 2
    others = {"D": "stray", "Ward": " Moss Side ", "EVENT_TYPE [H]": "Review"}
    expected = [
        (first + number, "306", text, f"P{number}", "Service", None)
        for number, (_, text) in enumerate(cells)
    ]
    total = (first + len(cells) + 2, "Total", str(len(cells)), None, None, None)
    assert [row[:-1] for row in landed] == [*expected, total]
    assert all(json.loads(row[-1]) == others for row in landed[:-1])
    assert landed[-1][-1] is None
    assert query(
        "select sheet_name, sheet_position, header_row_number, date_system, rows_read, outcome, "
        "specification_version from identifiable.landing.submissions"
    ) == [
        (
            "Extract",
            1,
            TITLE_ROWS + 1,
            "1904" if date_1904 else "1900",
            len(cells) + 1,
            "landed",
            "release_1",
        )
    ]


@pytest.mark.parametrize(
    ("cell", "date_1904"),
    [(cell, False) for cell in CELLS + ONLY_1900] + [(cell, True) for cell in CELLS + ONLY_1904],
    ids=repr,
)
def test_given_one_odd_cell_in_an_ordinary_sheet_when_read_then_its_text_is_as_stored(
    cell, date_1904
):
    ordinary = [("text", "a"), ("number", 7), ("bool", True)]
    rows = [[], ordinary, [("text", "b"), cell[0]], ordinary]
    for workbook in (
        XlsxWorkbook(write_xlsx(rows, date_1904)),
        XlsWorkbook(write_xls(rows, date_1904)),
    ):
        read = {number: [*cells, None] for number, cells in rows_of(workbook)}

        assert read[2][:4] == read[4][:4] == [None, "a", "7", "TRUE"]
        assert read[3][:3] == [None, "b", cell[1]]


def test_given_headers_when_landed_then_each_is_recorded_verbatim_with_its_match(home, query):
    files.put(home.root, "306", "a.xlsx", write_xlsx(nasty_sheet(CELLS), False))

    land_inbox(home)

    assert query(
        "select column_number, header, field, match_kind from "
        "identifiable.landing.submission_columns order by column_number"
    ) == [
        (2, "LA Code", "la_code", "exact"),
        (3, "nhs  NUMBER", "nhs_number", "normalised"),
        (5, "LA Person\nUnique Identifier", "la_person_unique_identifier", "normalised"),
        (6, "Event Type", "event_type", "exact"),
        (7, "Ward", None, "unknown"),
        (8, "EVENT_TYPE", "event_type", "duplicate"),
        (9, "Postcode", "postcode", "exact"),
    ]


@pytest.mark.parametrize("date_1904", [False, True], ids=["1900", "1904"])
def test_given_a_sheet_of_the_plain_form_when_read_exactly_then_both_readers_agree(date_1904):
    content = write_xlsx(nasty_sheet(CELLS), date_1904)
    regular = {n: r for n, r in rows_of(RegularBook(content)) if any(r)}
    exact = {n: r for n, r in exact_rows(XlsxPackage(content), "Extract") if any(r)}

    assert regular.keys() == exact.keys()
    for number, cells in regular.items():
        assert [c for c in enumerate(cells) if c[1]] == [
            c for c in enumerate(exact[number]) if c[1]
        ]


def test_given_a_doubtful_serial_far_down_when_read_then_no_row_is_lost_or_read_twice():
    rows = [[("number", n)] for n in range(300)]
    rows[200] = [("date", 60)]
    content = write_xlsx(rows, False)

    read = rows_of(XlsxWorkbook(content))

    assert [number for number, _ in read] == list(range(1, 301))
    assert [cells[1] for _, cells in read if cells[1] != str(_ - 1)] == ["1900-02-29"]


def test_given_a_stray_cell_in_the_last_corner_when_landed_then_the_records_land_all_the_same(
    home, query
):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet("Data")
        for index, row in enumerate([files.HEADERS, *files.records(2)]):
            sheet.write_row(index, 0, row)
        sheet.write_string(1_048_575, 16_383, " ")
        sheet.write_string(2, 16_383, "x")
    files.put(home.root, "306", "a.xlsx", buffer.getvalue())

    assert land_inbox(home).rows_landed == 2
    assert query(
        "select row_number, other_columns from identifiable.landing.submission_rows order by 1"
    ) == [(2, None), (3, '{"XFD": "x"}')]


def test_given_inline_strings_iso_dates_and_prefixed_tags_when_landed_then_they_read_the_same(
    home, query
):
    buffer = io.BytesIO()
    workbook = openpyxl.Workbook(iso_dates=True)
    sheet = workbook.active
    sheet.append(list(files.HEADERS))
    sheet.append([306, " 1 ", "P1", "Service", datetime.datetime(2017, 4, 1)])
    sheet.append([306, "2", "P2", "Service", datetime.datetime(2017, 4, 1, 23)])
    sheet.append([306, "=1+1", "P3", "Service", "=NA()"])
    workbook.save(buffer)
    streamed = io.BytesIO()
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Data")
    sheet.append([])
    for row in [list(files.HEADERS), [306, " inline ", "P4", "Service", " "]]:
        sheet.append(row)
    workbook.save(streamed)
    files.put(home.root, "306", "a.xlsx", buffer.getvalue())
    files.put(home.root, "306", "b.xlsx", streamed.getvalue())

    assert land_inbox(home).refusals == []
    assert query(
        "select la_person_unique_identifier, row_number, nhs_number, event_start_date "
        "from identifiable.landing.submission_rows order by 1"
    ) == [
        ("P1", 2, " 1 ", "2017-04-01"),
        ("P2", 3, "2", "2017-04-01T23:00:00"),
        ("P3", 4, None, None),
        ("P4", 3, " inline ", " "),
    ]


def test_given_an_entity_bomb_in_a_sheet_read_exactly_when_landed_then_it_is_refused(home):
    bomb = b"<!DOCTYPE a [<!ENTITY e \"t='e'\">]>"
    content = files.with_part(
        files.good_xlsx(),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"<worksheet", bomb + b"<worksheet", 1),
    )
    files.put(home.root, "306", "a.xlsx", content)

    assert land_inbox(home).files_refused == 1


@pytest.mark.parametrize("reader", ["regular", "exact"])
@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (b"_x0041_", "A"),
        (b"_x005F_x0041_", "_x0041_"),
        (b"_xD800_", "_xD800_"),
        (b"_xD83D__xDE00_", "_xD83D__xDE00_"),
    ],
    ids=["character", "escaped_escape", "half_a_character", "two_halves"],
)
def test_given_an_escaped_character_when_read_then_both_readers_undo_it_the_same(
    reader, stored, text
):
    content = files.with_part(
        files.xlsx_bytes({"Data": [["x"]]}),
        "xl/sharedStrings.xml",
        lambda part: part.replace(b"<t>x</t>", b"<t>" + stored + b"</t>"),
    )
    rows = {
        "regular": lambda: rows_of(RegularBook(content), "Data"),
        "exact": lambda: exact_rows(XlsxPackage(content), "Data"),
    }

    assert list(rows[reader]()) == [(1, [text])]


@pytest.mark.parametrize("before", range(2))
def test_given_characters_cut_between_records_of_an_xls_when_read_then_they_are_whole(before):
    # The texts of an .xls stand in records of 8,224 bytes; one of the two is cut inside a pair.
    texts = ["a" * before + "\u20ac", "\U0001f600" * 9000]
    content = files.xls_bytes({"Data": [texts]})

    assert rows_of(XlsWorkbook(content), "Data") == [(1, texts)]


def test_given_half_a_character_in_an_xls_when_read_then_it_is_written_as_an_xlsx_would_hold_it():
    content = files.xls_bytes({"Data": [["a\u2603z"]]})
    spoilt = content.replace("\u2603".encode("utf-16-le"), b"\x00\xd8")

    assert rows_of(XlsWorkbook(spoilt), "Data") == [(1, ["a_xD800_z"])]


def test_given_headers_like_the_names_of_columns_without_one_when_landed_then_no_cell_is_lost(
    home, query
):
    header = [*files.HEADERS, "H", "[H]"]
    rows = [[*files.records(1)[0], "one", "two", "three"]]
    files.put(home.root, "306", "a.xlsx", files.xlsx_bytes({"D": [header, *rows]}))

    land_inbox(home)

    assert json.loads(
        query("select other_columns from identifiable.landing.submission_rows")[0][0]
    ) == {"H": "one", "[H]": "two", "[[H]]": "three"}


def test_given_a_stray_cell_in_a_wide_and_long_grid_when_read_then_memory_stays_small():
    # Column ZZ and row 99,999: a dense grid of it takes two gigabytes.
    content = files.with_part(
        files.good_xlsx(3),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(
            b"</sheetData>", b'<row r="99999"><c r="ZZ99999"><v>1</v></c></row></sheetData>'
        ),
    )
    read = subprocess.run(
        [sys.executable, "-c", READ_IN_ONE_GIGABYTE],
        input=content,
        cwd=PROJECT_ROOT,
        capture_output=True,
        check=False,
    )

    assert (read.returncode, read.stdout) == (0, b"99999\n"), read.stderr[-500:]


def test_given_several_data_sheets_when_landed_then_each_is_a_submission_of_its_own(home, query):
    sheet = [list(files.HEADERS), *files.records(2)]
    content = files.xlsx_bytes({"Requests": sheet, "Notes": [["n"]], "Services": sheet})
    files.put(home.root, "306", "a.xlsx", content)

    report = land_inbox(home)

    assert (report.submissions_landed, report.rows_landed) == (2, 4)
    assert query(
        "select sheet_name, sheet_position, count(*) from identifiable.landing.submissions "
        "join identifiable.landing.submission_rows using (submission_id) group by all order by 2"
    ) == [("Requests", 1, 2), ("Services", 3, 2)]
