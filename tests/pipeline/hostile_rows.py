"""The corpus goes on: rules across a row, a person and a file, and files that must be refused."""

import io
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from hostile_corpus import CORPUS
from hostile_workbooks import (
    ALL_ROWS,
    ASSESSMENT,
    BOTH,
    ENDED,
    HEADERS,
    NUMBERS,
    REQUEST,
    REVIEW,
    SERVICE,
    ErrorCell,
    Layout,
    cell,
    day,
    moment,
    plant,
)

from loaders.refusals import Refusal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "loaders"))

import loader_files as files

BELOW = 7  # the row under the table


def of_row(rule, row, changes, *more, suffixes=(".xlsx",), name=None):
    """Plant a row that breaks a rule across its fields."""
    cells = {(row, field): value for field, value in changes.items()}
    plant(name or rule, cells, (row, None, rule), *more, suffixes=suffixes)


# ---------- rows

TOTALS = {
    "person_id": {"la_person_unique_identifier": "Total", "unit_cost": 120.5},
    "grand": {"la_code": "Grand Total:", "nhs_number": 5},
    "numbers_only": {"unit_cost": 120.5, "planned_units_per_week": 3},
    "error": {"first_name": "Totals", "unit_cost": ErrorCell("#REF!")},
}
for kind, total in TOTALS.items():
    plant(
        f"total_row_{kind}",
        {},
        (BELOW, None, "total_row"),
        suffixes=BOTH,
        layout=Layout(below=(total,)),
    )
plant(
    "total_row_below_a_blank_row",
    {},
    (BELOW + 1, None, "total_row"),
    suffixes=BOTH,
    layout=Layout(below=({}, TOTALS["person_id"])),
)

cell(
    REVIEW,
    "la_person_unique_identifier",
    None,
    "mandatory_blank",
    more=[(REVIEW, None, "person_id_blank")],
)
cell(
    REQUEST,
    "event_type",
    None,
    "mandatory_blank",
    more=[(REQUEST, None, "event_type_missing")],
)
cell(
    REQUEST,
    "event_type",
    "Contact",
    "not_on_list",
    read=None,
    more=[(REQUEST, None, "event_type_missing")],
)
cell(
    SERVICE,
    "event_start_date",
    None,
    "mandatory_blank",
    more=[(SERVICE, None, "event_start_missing")],
    undecided=True,
)
cell(
    SERVICE,
    "event_start_date",
    "soon",
    "date_unreadable",
    more=[(SERVICE, None, "event_start_missing")],
    undecided=True,
)
of_row("end_before_start", REVIEW, {"event_end_date": day("2017-05-30")}, suffixes=BOTH)
# Its months are in the file all the same: a file of fewer than 100 events uses each that it holds.
of_row(
    "event_before_collection",
    ENDED,
    {"event_start_date": day("2013-05-04"), "event_end_date": day("2014-03-31")},
    (None, None, "period_differs"),
    (None, None, "older_than_history"),
)
of_row(
    "event_before_collection",
    REQUEST,
    {"event_start_date": day("2014-03-31"), "event_end_date": None},
    (REQUEST, "event_end_date", "mandatory_blank"),
    (REQUEST, "event_end_date", "rule_not_evaluated"),
    (None, None, "older_than_history"),
    name="event_before_collection_without_end",
)
of_row(
    "event_start_before_collection",
    ASSESSMENT,
    {"event_start_date": day("2014-03-31")},
    suffixes=BOTH,
)
of_row("end_after_receipt", REVIEW, {"event_end_date": day("2017-08-01")}, suffixes=BOTH)
of_row("birth_after_event", REQUEST, {"date_of_birth": day("2017-04-04")})
of_row("death_before_event", REVIEW, {"date_of_death": day("2017-05-31")})
of_row("event_outlives_client", REVIEW, {"date_of_death": day("2017-06-08")})
of_row("client_under_18", REQUEST, {"date_of_birth": day("1999-04-04")})
of_row(
    "outcome_of_financial_assessment",
    ASSESSMENT,
    {"assessment_type": "Financial Assessment"},
)
of_row(
    "event_of_association",
    REQUEST,
    {"client_type": "Carer known by association", "client_funding_status": None},
)
of_row(
    "direct_payment_in_prison",
    SERVICE,
    {"service_type": "Long Term Support: Prison", "delivery_mechanism": "Direct Payment"},
)
of_row(
    "cost_without_frequency",
    SERVICE,
    {"delivery_mechanism": "CASSR Commissioned Support", "cost_frequency_unit_type": None},
)

# ---------- persons


def same(name, *values):
    """The field of the request and the assessment."""
    return {(REQUEST, name): values[0], (ASSESSMENT, name): values[-1]}


ids = [f"SAME-{count}" for count in range(9)]
pairs = [next(NUMBERS) for _ in range(16)]
plant(
    "person_with_two_nhs_numbers",
    same("la_person_unique_identifier", ids[0]),
    (REQUEST, "nhs_number", "person_with_two_nhs_numbers"),
    suffixes=BOTH,
)
plant(
    "person_with_one_number_and_a_sentinel",
    same("la_person_unique_identifier", ids[1]) | {(ASSESSMENT, "nhs_number"): "0000000000"},
    (ASSESSMENT, "nhs_number", "nhs_number_repeated_digit"),
)
plant(
    "person_with_one_number_written_two_ways",
    same("la_person_unique_identifier", ids[2])
    | same("nhs_number", pairs[0], f"{pairs[0][:3]} {pairs[0][3:]}"),
    (ASSESSMENT, "nhs_number", "nhs_number_repaired"),
)
plant(
    "person_with_two_dates_of_birth",
    same("la_person_unique_identifier", ids[3])
    | same("nhs_number", pairs[1])
    | same("date_of_birth", day("1940-05-17"), day("1940-05-18")),
    (REQUEST, "date_of_birth", "person_with_two_dates_of_birth"),
    suffixes=BOTH,
)
plant(
    "person_with_a_date_of_birth_and_a_placeholder",
    same("la_person_unique_identifier", ids[4])
    | same("nhs_number", pairs[2])
    | same("date_of_birth", day("1940-05-17"), day("1901-01-01")),
    (ASSESSMENT, "date_of_birth", "date_of_birth_placeholder"),
)
plant(
    "nhs_number_of_two_persons",
    same("nhs_number", pairs[3]),
    (REQUEST, "nhs_number", "nhs_number_of_two_persons"),
    suffixes=BOTH,
)
plant(
    "sentinel_of_two_persons",
    same("nhs_number", "9999999999"),
    (REQUEST, "nhs_number", "nhs_number_repeated_digit"),
    (ASSESSMENT, "nhs_number", "nhs_number_repeated_digit"),
)
plant(
    "one_person_throughout",
    same("la_person_unique_identifier", ids[5]) | same("nhs_number", pairs[4]),
)
plant(
    "one_person_whose_id_has_a_blank_after_it",
    same("la_person_unique_identifier", ids[6], f"{ids[6]}\u00a0") | same("nhs_number", pairs[5]),
    (ASSESSMENT, "la_person_unique_identifier", "blanks_around_value"),
)

# ---------- files

plant(
    "columns_not_recognised",
    {},
    (None, None, "columns_not_recognised"),
    suffixes=BOTH,
    layout=Layout(extra={"Ward": "Ancoats", "Team": "North"}),
)
plant(
    "headers_normalised",
    {},
    (None, "nhs_number", "headers_normalised"),
    (None, "request_route_of_access", "headers_normalised"),
    suffixes=BOTH,
    layout=Layout(
        headers={"nhs_number": "nhs\n number ", "request_route_of_access": "Route of Access"}
    ),
)
plant(
    "columns_missing",
    {},
    (None, "gp_practice_name", "columns_missing"),
    (None, "event_description", "columns_missing"),
    suffixes=BOTH,
    layout=Layout(headers={"gp_practice_name": None, "event_description": None}),
)
plant(
    "columns_missing_that_are_mandatory",
    {},
    (None, "has_unpaid_carer", "columns_missing"),
    *((row, "has_unpaid_carer", "mandatory_blank") for row in ALL_ROWS),
    layout=Layout(headers={"has_unpaid_carer": None}),
)
plant(
    "period_differs",
    {(row, "reporting_period_start_date"): day("2016-07-01") for row in ALL_ROWS},
    (None, None, "period_differs"),
    suffixes=BOTH,
)
plant(
    "received_late",
    {(row, "reporting_period_end_date"): day("2017-07-31") for row in ALL_ROWS}
    | {(REVIEW, "event_end_date"): day("2017-07-09")},
    (None, None, "received_late"),
    council="308",
    received=moment("2017-08-16 09:00"),
)
plant(
    "not_on_schedule",
    {(row, "reporting_period_end_date"): day("2017-05-31") for row in ALL_ROWS}
    | {
        (REVIEW, "event_start_date"): day("2017-05-09"),
        (REVIEW, "event_end_date"): day("2017-05-31"),
        (ENDED, "event_end_date"): day("2017-05-30"),
    },
    (None, None, "not_on_schedule"),
    suffixes=BOTH,
)
plant(
    "older_than_history",
    {(row, "reporting_period_start_date"): day("2015-06-01") for row in ALL_ROWS}
    | {
        (ASSESSMENT, "event_start_date"): day("2015-06-01"),
        (ASSESSMENT, "event_end_date"): day("2015-06-30"),
    },
    (None, None, "older_than_history"),
    suffixes=BOTH,
)
plant(
    "last_row_of_the_format",
    {},
    (None, None, "last_row_of_the_format"),
    suffixes=BOTH,
    layout=Layout(last_row_at=65_536),
)
plant("sound_before_the_last_row", {}, suffixes=BOTH, layout=Layout(last_row_at=65_535))
one_client = next(NUMBERS)
plant(
    "one_client_instead_of_five",
    {(row, "la_person_unique_identifier"): "ONE" for row in ALL_ROWS}
    | {(row, "nhs_number"): one_client for row in ALL_ROWS},
    (None, None, "fewer_clients_than_before"),
)
NAMES_AND_PRACTICE = ("first_name", "last_name", "gp_practice_code")
plant(
    "emptier_than_before",
    {},
    (None, None, "emptier_than_before"),
    *((None, name, "columns_missing") for name in NAMES_AND_PRACTICE),
    suffixes=BOTH,
    layout=Layout(headers=dict.fromkeys(NAMES_AND_PRACTICE)),
)
MANY = range(3, 28)  # 25 of 26 clients
plant(
    "postcode_of_many_persons",
    {(row, "postcode"): "M60 2LA" for row in MANY},
    *((row, "postcode", "postcode_of_many_persons") for row in MANY),
    layout=Layout(rows=26),
    council="308",
)
plant(
    "sound_postcode_of_a_care_home",
    {(row, "postcode"): "M60 2LA" for row in MANY}
    | {(row, "accommodation_status"): "Registered care home" for row in MANY},
    layout=Layout(rows=26),
    council="308",
)
plant("three_times_as_long", {}, layout=Layout(rows=15), council="308")
plant(
    "top_up_after_it",
    {},
    (None, None, "fewer_rows_than_before"),
    (None, None, "fewer_clients_than_before"),
    council="308",
)
# Last of its council: the file after it would have fewer rows than before.
plant(
    "period_not_derived",
    {},
    (None, None, "period_not_derived"),
    layout=Layout(rows=120, open_services_only=True),
    council="316",
)


# ---------- refused, or there already


@dataclass(frozen=True)
class UnlandedFile:
    """A file of the inbox of which nothing must land, and the sentence that must say why."""

    file_name: str
    council: str
    content: bytes
    sentence: str
    outcome: str = "refused"


def _zip(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "<a/>")
    return buffer.getvalue()


def _said_to_unpack_to_eight_gigabytes() -> bytes:
    """A workbook whose directory states nearly 4 GiB for each of its first two parts."""
    content = bytearray(files.good_xlsx())
    entry = content.index(b"PK\x01\x02")
    for _ in range(2):
        content[entry + 24 : entry + 28] = (0xFFFFFFFE).to_bytes(4, "little")
        entry = content.index(b"PK\x01\x02", entry + 4)
    return bytes(content)


HTML = b"<html><body><table><tr><td>LA Code</td></tr></table></body></html>"
CSV = b"LA Code,NHS Number\n306,\n"
HEADER_ROW = list(HEADERS.values())
XLS = files.xls_bytes({"Data": [list(files.HEADERS), *files.records(300)]})
REFUSED = [
    ("any.xlsx", files.good_xlsx(4), Refusal.UNKNOWN_COUNCIL, "355"),
    ("~$lock.xlsx", b"\x07owner", Refusal.TEMPORARY_NAME),
    ("nothing.xlsx", b"", Refusal.EMPTY_FILE),
    ("macro.xlsm", files.good_xlsx(), Refusal.MACRO),
    ("macro.xlsx", files.with_entry(files.good_xlsx(), "xl/vbaProject.bin"), Refusal.MACRO),
    ("macro.xls", files.macro_xls(), Refusal.MACRO),
    ("comma.csv", CSV, Refusal.SUFFIX),
    ("password.xlsx", files.encrypted_xlsx(), Refusal.ENCRYPTED),
    ("password.xls", files.encrypted_xls(), Refusal.ENCRYPTED),
    ("new_as_old.xls", files.good_xlsx(), Refusal.XLSX_AS_XLS),
    ("old_as_new.xlsx", XLS, Refusal.XLS_AS_XLSX),
    ("page.xls", HTML, Refusal.HTML_CONTENT),
    ("page.xlsx", HTML + b"\n", Refusal.HTML_CONTENT),
    ("tree.xls", b"<?xml version='1.0'?><Workbook/>", Refusal.XML_CONTENT),
    ("comma.xls", CSV + b"\n", Refusal.TEXT_CONTENT),
    ("comma.xlsx", CSV.decode().encode("utf-16"), Refusal.TEXT_CONTENT),
    ("picture.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Refusal.OTHER_CONTENT),
    ("document.xlsx", _zip("word/document.xml"), Refusal.OTHER_CONTENT),
    ("cut_off.xlsx", files.good_xlsx(300)[:-300], Refusal.CORRUPT),
    ("cut_off.xls", XLS[:700], Refusal.CORRUPT),
    ("huge.xlsx", _said_to_unpack_to_eight_gigabytes(), Refusal.TOO_LARGE),
    ("no_cells.xlsx", files.xlsx_bytes({"One": []}), Refusal.NO_CELLS),
    ("no_cells.xls", files.xls_bytes({"One": []}), Refusal.NO_CELLS),
    ("no_header.xlsx", files.xlsx_bytes({"Data": files.records(5)}), Refusal.NO_HEADER),
    ("no_rows.xlsx", files.xlsx_bytes({"Data": [["Title"], HEADER_ROW]}), Refusal.NO_ROWS),
    ("no_rows.xls", files.xls_bytes({"Data": [HEADER_ROW]}), Refusal.NO_ROWS),
    ("salford.xlsx", files.good_xlsx(la_code="355"), Refusal.OTHER_COUNCIL),
]
UNLANDED = [
    UnlandedFile(name, council[0] if council else "306", content, refusal.value)
    for name, content, refusal, *council in REFUSED
]
UNLANDED.append(
    UnlandedFile(
        f"again_{CORPUS[0].file_name}",
        CORPUS[0].council,
        CORPUS[0].content,
        "The same content has landed before as submission",
        "duplicate",
    )
)
