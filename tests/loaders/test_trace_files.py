"""Files for the national tracing service: what goes out, what comes in, what is refused."""

import csv
import datetime
import stat

import pytest

from loaders.trace_files import (
    REQUEST_COLUMNS,
    RESPONSE_COLUMNS,
    WORKFLOW,
    TraceFileError,
    export_requests,
    import_responses,
)
from plugins.zones import connect

MOMENT = datetime.datetime(2017, 7, 5, 9, 30, 15)


def response(**values: str) -> list[str]:
    return [values.get(name, "") for name in RESPONSE_COLUMNS]


def written(path, *records: list[str], count: int | None = None, code: str = "00"):
    with path.open("w", newline="") as file:
        stated = len(records) if count is None else count
        csv.writer(file).writerows([["MPTRES_1", WORKFLOW, stated, code], *records])
    return path


def test_a_request_file_has_the_service_s_layout_and_is_its_owner_s_only(home):
    # Given a client with everything, and one with an unreadable number and little else
    with connect(home, identifiable="write") as connection:
        connection.execute("create schema identifiable.intermediate")
        connection.execute("""
            create table identifiable.intermediate.int_trace_requests as
            select * from (values
                ('316', '7', '9434765919', 'O''DOWD', 'ZOË', '2', date '1950-03-12', 'L1 1AA',
                    'N82001', date '2017-05-01'),
                ('316', '8', '9.4E9', null, null, null, null, null, null, null)
            ) as t (la_code, la_person_unique_identifier, supplied_nhs_number, family_name,
                given_name, gender, date_of_birth, postcode, gp_practice_code, event_date)
        """)
    # When the requests are written
    path, records = export_requests(home, MOMENT)
    # Then the file is named, headed and laid out as the service wants it
    assert records == 2 and path.name == "MPTREQ_20170705093015.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(newline="", encoding="utf-8") as file:
        header, first, second = csv.reader(file)
    assert header == [path.stem, WORKFLOW, "20170705093015", "2"]
    first = dict(zip(REQUEST_COLUMNS, first, strict=True))
    assert first["unique_reference"] == "316~7" and first["nhs_no"] == "9434765919"
    assert first["date_of_birth"] == "19500312" and first["as_at_date"] == "20170501"
    assert first["family_name"] == "O'DOWD" and first["postcode"] == "L1 1AA"
    second = dict(zip(REQUEST_COLUMNS, second, strict=True))
    assert second["nhs_no"] == "" and second["gender"] == "0" and second["date_of_birth"] == ""


def test_responses_replace_those_before_and_keep_the_outcome_only(home, query, tmp_path):
    old = response(unique_reference="316~7", error_success_code="98", matched_nhs_no="0000000000")
    import_responses(home, written(tmp_path / "a.csv", old))
    new = response(
        unique_reference="316~8",
        error_success_code="00",
        matched_nhs_no="9434765919",
        family_name="SECRET",
        address_line1="SECRET",
    )
    assert import_responses(home, written(tmp_path / "b.csv", new)) == 1
    rows = query("select * from identifiable.landing.trace_responses")
    assert [row[:3] for row in rows] == [("316~8", "00", "9434765919")]
    assert "SECRET" not in str(rows)


REFUSED = {
    "fewer records than stated": lambda path: written(
        path, response(unique_reference="a~1"), count=2
    ),
    "a file the service refused": lambda path: written(path, code="06"),
    "a line too short": lambda path: written(path, ["a~1", "00"]),
    "a reference that is none of ours": lambda path: written(path, response(unique_reference="x")),
    "a reference twice": lambda path: written(
        path, response(unique_reference="a~1"), response(unique_reference="a~1")
    ),
    "an empty file": lambda path: (path.write_text("") and path) or path,
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_response_file_is_taken_whole_or_not_at_all(home, query, tmp_path, case):
    good = response(unique_reference="316~7", error_success_code="98")
    import_responses(home, written(tmp_path / "good.csv", good))
    with pytest.raises(TraceFileError) as refusal:
        import_responses(home, REFUSED[case](tmp_path / "bad.csv"))
    assert "a~1" not in str(refusal.value)
    assert query("select unique_reference from identifiable.landing.trace_responses") == [
        ("316~7",)
    ]
