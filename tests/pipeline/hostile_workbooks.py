"""Writes one sound workbook of five rows and, on order, the same with a defect planted in it.

Rows 2 to 6 are a request, an assessment, an open service, a review and an ended service, each of a
person of its own. The months of their ends are the stated period, and stay so without any one row.
"""

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

import xlsxwriter
import xlwt
from built_warehouse import seed

REQUEST, ASSESSMENT, SERVICE, REVIEW, ENDED = ALL_ROWS = (2, 3, 4, 5, 6)
BOTH = (".xlsx", ".xls")
COUNCILS = cycle(("306", "308", "316"))
HEADERS = {row["field"]: row["header"] for row in seed("specification/specification_fields")}
RELEASE_2 = {
    (row["code_list"], row["value"]): row["release_2_value"]
    for row in seed("specification/specification_codes")
    if row["specification_version"] == "release_1"
}
CODE_LISTS = {row["field"]: row["code_list"] for row in seed("specification/specification_fields")}
XLS_ERRORS = {"#REF!": 0x17, "#N/A": 0x2A}  # MS-XLS 2.5.10


class ErrorCell(str):
    """An error of the spreadsheet program, such as `#N/A`, as a cell of its own kind."""


class UncalculatedCell(str):
    """A formula that the program which wrote the file never calculated."""


@dataclass(frozen=True)
class Layout:
    """How a workbook departs from one plain sheet of release 1 rows below their headers."""

    headers: dict[str, str | None] = field(default_factory=dict)  # field -> other header, or none
    extra: dict[str, str] = field(default_factory=dict)  # header -> value in each row
    above: tuple[str, ...] = ()  # title lines above the header
    below: tuple[dict[str, object], ...] = ()  # rows under the table
    lookup_sheet: bool = False
    hidden: bool = False
    date_1904: bool = False
    release_2: bool = False
    rows: int = 5  # the five rows again and again, each of a new person
    open_services_only: bool = False
    last_row_at: int | None = None  # row of the worksheet that takes the last row


def day(text: str) -> datetime.date:
    """`2017-04-03` as a date cell."""
    return datetime.date.fromisoformat(text)


def moment(text: str) -> datetime.datetime:
    """`2017-04-03 14:05` as a date cell with a time."""
    return datetime.datetime.fromisoformat(text)


def numbers(beginning: str = "999") -> Iterator[str]:
    """NHS numbers that fit their check digit, all different."""
    for count in range(10 ** (9 - len(beginning))):
        nine = f"{beginning}{count:0{9 - len(beginning)}}"
        check = -sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
        if check < 10:
            yield f"{nine}{check}"


NUMBERS = numbers()
PERSON = {
    "reporting_period_start_date": day("2017-04-01"),
    "reporting_period_end_date": day("2017-06-30"),
    "first_name": "Testina",
    "last_name": "Sample",
    "gp_practice_code": "P84009",
    "gender": "Female",
    "ethnicity": "White - Irish",
    "date_of_birth": day("1940-05-17"),
    "client_type": "Service User",
    "primary_support_reason": "Physical Support: Personal care support",
    "postcode": "M1 1AE",
    "accommodation_status": "Owner occupier or shared ownership scheme",
    "has_unpaid_carer": "No",
    "client_funding_status": "Fully Social Care Funded",
}
EVENTS = {
    REQUEST: {
        "event_type": "Request",
        "event_start_date": day("2017-04-03"),
        "event_end_date": day("2017-04-10"),
        "event_outcome": "Progress to Assessment",
        "request_route_of_access": "Discharge from Hospital",
    },
    ASSESSMENT: {
        "event_type": "Assessment",
        "event_start_date": day("2017-04-12"),
        "event_end_date": day("2017-04-28"),
        "event_outcome": "Progress to Support Planning / Services",
        "assessment_type": "Long Term Assessment",
        "eligible_needs_identified": "Yes",
        "method_of_assessment": "Service user only",
    },
    SERVICE: {
        "event_type": "Service",
        "event_start_date": day("2017-05-02"),
        "event_outcome": "Provision of service",
        "service_type": "Long Term Support: Community",
        "service_component": "Home Support",
        "delivery_mechanism": "CASSR Managed Personal Budget",
        "provider_cqc_location_id": "1-1234567890",
        "unit_cost": 120.5,
        "cost_frequency_unit_type": "Weekly",
    },
    REVIEW: {
        "event_type": "Review",
        "event_start_date": day("2017-06-01"),
        "event_end_date": day("2017-06-09"),
        "event_outcome": "No change in package",
        "review_reason": "Planned",
        "review_outcomes_achieved": "Fully Met",
        "method_of_review": "Service user and carer",
    },
    ENDED: {
        "event_type": "Service",
        "event_start_date": day("2017-05-04"),
        "event_end_date": day("2017-06-15"),
        "event_outcome": "Service ended as planned",
        "service_type": "Short Term Support: ST-Max",
        "service_component": "Reablement",
        "delivery_mechanism": "CASSR Commissioned Support",
    },
}


def sound_rows(la_code: str, layout: Layout) -> list[dict[str, object]]:
    """Rows that break no rule, each of a person whom no other row is about."""
    kinds = [SERVICE] if layout.open_services_only else list(EVENTS)
    rows = []
    for count in range(layout.rows):
        nhs_number = next(NUMBERS)
        row = {"la_code": la_code, **PERSON, **EVENTS[kinds[count % len(kinds)]]}
        row |= {"nhs_number": nhs_number, "la_person_unique_identifier": f"P{nhs_number}"}
        if count >= len(EVENTS):
            row["postcode"] = f"M{count % 99 + 1} {count // 99 + 1}AE"
        if layout.release_2:
            row = {
                name: RELEASE_2.get((CODE_LISTS[name], value), value) for name, value in row.items()
            }
        rows.append(row)
    return rows


def workbook(
    suffix: str, la_code: str, changes: dict[tuple[int, str], object], layout: Layout
) -> bytes:
    """The sound workbook with the cells of `changes`, (row, field) -> value, put in their place."""
    rows = sound_rows(la_code, layout)
    for (row_number, name), value in changes.items():
        rows[row_number - 2 - len(layout.above)][name] = value
    rows += layout.below
    headers = {name: layout.headers.get(name, header) for name, header in HEADERS.items()}
    fields = [name for name, header in headers.items() if header is not None]
    grid = [[line] for line in layout.above]
    grid.append([*(headers[name] for name in fields), *layout.extra])
    for row in rows:
        grid.append([row.get(name) for name in fields] + list(layout.extra.values()))
    if layout.last_row_at:
        grid[-1:-1] = [[]] * (layout.last_row_at - len(grid))
    return (_xlsx if suffix == ".xlsx" else _xls)(grid, layout)


def _xlsx(grid: list[list[object]], layout: Layout) -> bytes:
    buffer = io.BytesIO()
    options = {"default_date_format": "dd/mm/yyyy hh:mm", "date_1904": layout.date_1904}
    with xlsxwriter.Workbook(buffer, options) as book:
        if layout.lookup_sheet:
            book.add_worksheet("Lists").write_column(0, 0, ["Gender", "Male", "Female"])
        sheet = book.add_worksheet("Data")
        for row_index, row in enumerate(grid):
            for column, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(row_index, column, value)
                elif isinstance(value, UncalculatedCell):
                    sheet.write_formula(row_index, column, '="Female"', None, "")
                elif isinstance(value, ErrorCell):
                    sheet.write_formula(row_index, column, "=NA()", None, str(value))
                elif isinstance(value, str):
                    sheet.write_string(row_index, column, value)
                elif isinstance(value, datetime.date):
                    sheet.write_datetime(row_index, column, value)
                elif value is not None:
                    sheet.write_number(row_index, column, value)
        if layout.hidden:
            sheet.hide()
            sheet.set_row(len(layout.above) + 1, None, None, {"hidden": True})
    return buffer.getvalue()


def _xls(grid: list[list[object]], layout: Layout) -> bytes:
    book = xlwt.Workbook()
    book.dates_1904 = layout.date_1904
    date_style = xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm")
    sheet = book.add_sheet("Data")
    for row_index, row in enumerate(grid):
        for column, value in enumerate(row):
            if isinstance(value, ErrorCell):
                sheet.row(row_index).set_cell_error(column, XLS_ERRORS[value])
            elif isinstance(value, datetime.date):
                sheet.write(row_index, column, value, date_style)
            elif value is not None:
                sheet.write(row_index, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# ---------- planting

PLAIN = Layout()
Finding = tuple[int | None, str | None, str]  # row, field, rule; none where it is of more than one


@dataclass(frozen=True)
class HostileWorkbook:
    """A file of the inbox, the findings it must give, and how some of its cells must be read."""

    file_name: str
    council: str
    content: bytes
    findings: frozenset[Finding]
    rows: int
    reads: dict[tuple[int, str], str | None] = field(default_factory=dict)
    received: datetime.datetime | None = None  # none: in the order of the corpus


CORPUS: list[HostileWorkbook] = []


def plant(
    name,
    changes,
    *found,
    reads=None,
    suffixes=(".xlsx",),
    layout=PLAIN,
    council=None,
    received=None,
):
    """Put a workbook of each suffix into the corpus, the next council's unless one is named."""
    for suffix in suffixes:
        sender = council or next(COUNCILS)
        content = workbook(suffix, sender, changes, layout)
        rows = layout.rows + sum(bool(row) for row in layout.below)
        findings = frozenset(found)
        assert len(findings) == len(found), name
        CORPUS.append(
            HostileWorkbook(
                name + suffix, sender, content, findings, rows, dict(reads or {}), received
            )
        )


def cell(
    row, name, value, *rules, read=..., more=(), suffixes=(".xlsx",), also=None, undecided=False
):
    """Plant one cell, of which `rules` must be said, and `more` of the row or file it makes so."""
    count = sum(book.file_name.startswith(f"{name}_") for book in CORPUS)
    reads = {} if read is ... else {(row, name): read}
    # Without the cell, rules across the fields of its row cannot be told.
    rules += ("rule_not_evaluated",) if undecided else ()
    found = [(row, name, rule) for rule in rules] + list(more)
    changes = {(row, name): value} | {(row, other): cell for other, cell in (also or {}).items()}
    plant(f"{name}_{count}", changes, *found, reads=reads, suffixes=suffixes)


def several(name, values, rule, reads, suffixes=(".xlsx",)):
    """Plant a workbook with one kind of defect in several spellings, row by row."""
    rows = range(REQUEST, REQUEST + len(values))
    changes = {(row, name): value for row, value in zip(rows, values, strict=True)}
    found = [(row, name, rule) for row in rows]
    as_read = {(row, name): read for row, read in zip(rows, reads, strict=True)}
    plant(f"{name}_several_{rule}", changes, *found, reads=as_read, suffixes=suffixes)
