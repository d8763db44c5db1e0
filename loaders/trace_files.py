"""Request and response files of the national tracing service (MPS), and where responses land.

Layout: the Master Person Service's batch trace in its MPT form. A first line of four values, then
one line per record; columns by position. Only what tracing needs is filled in.
"""

import csv
import datetime
import io
from pathlib import Path

import duckdb

from plugins import zones
from plugins.home import Home

WORKFLOW = "SPINE_MPTPHASE4_TRACE"
SEPARATOR = "~"  # between council code and person identifier in a unique reference
REQUEST_COLUMNS = (
    "unique_reference",
    "nhs_no",
    "family_name",
    "given_name",
    "other_given_name",
    "gender",
    "date_of_birth",
    "postcode",
    "date_of_death",
    "address_line1",
    "address_line2",
    "address_line3",
    "address_line4",
    "address_line5",
    "address_date",
    "gp_practice_code",
    "nhais_posting_id",
    "as_at_date",
    "local_patient_id",
    "internal_id",
    "telephone_number",
    "mobile_number",
    "email_address",
)
RESPONSE_COLUMNS = (
    "unique_reference",
    "req_nhs_number",
    "family_name",
    "given_name",
    "other_given_name",
    "gender",
    "date_of_birth",
    "date_of_death",
    "address_line1",
    "address_line2",
    "address_line3",
    "address_line4",
    "address_line5",
    "postcode",
    "gp_practice_code",
    "nhais_posting_id",
    "as_at_date",
    "local_patient_id",
    "internal_id",
    "telephone_number",
    "mobile_number",
    "email_address",
    "sensitivty_flag",
    "mps_id",
    "error_success_code",
    "matched_nhs_no",
    "matched_algorithm_indicator",
    "matched_confidence_percentage",
    "algorithmic_trace_family_name_score_perc",
    "algorithmic_trace_given_name_score_perc",
    "algorithmic_trace_dob_score_perc",
    "algorithmic_trace_gender_score_perc",
    "algorithmic_trace_postcode_score_perc",
)
# Of a response only the outcome is kept: what else it says of a person is not ours to store.
KEPT = (
    "unique_reference", "error_success_code", "matched_nhs_no", "matched_algorithm_indicator",
    "matched_confidence_percentage", "algorithmic_trace_family_name_score_perc",
    "algorithmic_trace_given_name_score_perc", "algorithmic_trace_dob_score_perc",
    "algorithmic_trace_gender_score_perc", "algorithmic_trace_postcode_score_perc",
)  # fmt: skip
TABLE = "identifiable.landing.trace_responses"

_REQUESTS = """
    select la_code, la_person_unique_identifier, supplied_nhs_number, family_name, given_name,
        gender, date_of_birth, postcode, gp_practice_code, event_date
    from identifiable.intermediate.int_trace_requests
    order by la_code, la_person_unique_identifier
"""


class TraceFileError(Exception):
    """A trace file cannot be used; the sentence names a line, never a value."""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of responses if it is not there."""
    columns = ", ".join(f"{name} varchar" for name in KEPT)
    connection.execute(
        f"create table if not exists {TABLE} ({columns}, response_reference varchar)"
    )


def _digits(day: datetime.date | None) -> str:
    return day.strftime("%Y%m%d") if day else ""


def export_requests(home: Home, moment: datetime.datetime) -> tuple[Path, int]:
    """Write a request file for every traced client below the home; return path and records.

    `moment` names the file (`MPTREQ_CCYYMMDDHHMISS.csv`). The file holds identifiers: it is
    readable by its owner only, and stands in `trace/` beside the inbox.
    """
    with zones.connect(home, identifiable="read") as connection:
        rows = connection.execute(_REQUESTS).fetchall()
    reference = moment.strftime("MPTREQ_%Y%m%d%H%M%S")
    folder = home.root / "trace"
    folder.mkdir(mode=0o700, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([reference, WORKFLOW, moment.strftime("%Y%m%d%H%M%S"), len(rows)])
    for row in rows:
        la_code, person, number, family, given, gender, born, postcode, practice, event = row
        record = dict.fromkeys(REQUEST_COLUMNS, "") | {
            "unique_reference": f"{la_code}{SEPARATOR}{person}",
            "nhs_no": number if number and number.isdigit() and len(number) == 10 else "",
            "family_name": family or "",
            "given_name": given or "",
            "gender": gender or "0",
            "date_of_birth": _digits(born),
            "postcode": postcode or "",
            "gp_practice_code": practice or "",
            "as_at_date": _digits(event),
        }
        writer.writerow(record.values())
    path = folder / f"{reference}.csv"
    path.touch(mode=0o600)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path, len(rows)


def read_responses(path: Path) -> tuple[str, list[dict[str, str]]]:
    """Return the response reference and the records (column -> text) of a response file."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        lines = list(csv.reader(file))
    if not lines or len(lines[0]) < 4:
        raise TraceFileError("The first line is not the header of a response.")
    reference, workflow, count, code = (cell.strip() for cell in lines[0][:4])
    if workflow != WORKFLOW:
        raise TraceFileError("The response belongs to another workflow.")
    if code != "00":
        raise TraceFileError("The service refused the whole file; see its response code.")
    if not count.isdigit() or int(count) != len(lines) - 1:
        raise TraceFileError("The number of records is not the one that the header states.")
    records = []
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(RESPONSE_COLUMNS):
            raise TraceFileError(f"Line {number} has not {len(RESPONSE_COLUMNS)} columns.")
        record = dict(zip(RESPONSE_COLUMNS, (cell.strip() for cell in line), strict=True))
        if SEPARATOR not in record["unique_reference"]:
            raise TraceFileError(f"Line {number} has a reference that no request of ours has.")
        records.append(record)
    if len({record["unique_reference"] for record in records}) != len(records):
        raise TraceFileError("A reference stands in the file twice.")
    return reference, records


def import_responses(home: Home, path: Path) -> int:
    """Replace the landed responses by those of a file, whole or not at all; return records."""
    reference, records = read_responses(path)
    with zones.connect(home, identifiable="write") as connection:
        connection.execute("create schema if not exists identifiable.landing")
        prepare(connection)
        connection.execute("begin")
        connection.execute(f"delete from {TABLE}")
        places = ", ".join("?" * (len(KEPT) + 1))
        if records:
            connection.executemany(
                f"insert into {TABLE} values ({places})",
                [[*(record[name] for name in KEPT), reference] for record in records],
            )
        connection.execute("commit")
    return len(records)
