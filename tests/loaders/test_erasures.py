"""A person whom a council has erased is in no landing table, and does not come back."""

import loader_files as files
import pytest
from test_loader_repeats import checksums

from loaders import erasures, trace_files
from loaders.land import land_inbox
from plugins.home import Home
from plugins.zones import connect

HEADERS = [*files.HEADERS, "Adult 1 Linked Person_ID", "Room"]


def workbook(*persons: tuple[str, str | None]) -> bytes:
    """A row per person and the person cared for; a column that the specification does not know."""
    rows = [
        ["306", None, person, "Service", "01/04/2017", linked, f"room of {person}"]
        for person, linked in persons
    ]
    return files.xlsx_bytes({"Data": [HEADERS, *rows]})


@pytest.fixture
def landed(home: Home) -> Home:
    first = workbook(("P1", None), ("P2", "P1"), ("P1", None), ("P10", None), ("P3", " P1"))
    files.put(home.root, "306", "a.xlsx", first, day=1)
    other = files.xlsx_bytes({"Data": [HEADERS, ["308", None, "P1", "Service", "01/04/2017"]]})
    files.put(home.root, "308", "b.xlsx", other, day=2)
    land_inbox(home)
    return home


def erase(home: Home, *persons: str) -> erasures.Erased:
    with connect(home, identifiable="write") as connection:
        return erasures.erase(connection, "306", persons, "a request")


def test_rows_go_and_others_stay_and_the_person_is_named_in_nobodys(landed, query):
    done = erase(landed, " P1\u00a0", "P404", "")
    assert done == erasures.Erased("E0001", 2, 2)
    left = query(
        "select sender_la_code, row_number, la_person_unique_identifier, adult_1_linked_person_id "
        "from identifiable.landing.submission_rows join identifiable.landing.submissions "
        "using (submission_id) order by all"
    )
    assert left == [
        ("306", 3, "P2", None),
        ("306", 5, "P10", None),
        ("306", 6, "P3", None),
        ("308", 2, "P1", None),
    ]
    assert query("select row_number from identifiable.landing.rows_erased order by 1") == [
        (2,),
        (4,),
    ]
    everything = ""
    for table in ("submission_rows", "submissions", "submission_columns", "rows_erased"):
        everything += str(query(f"select t::varchar from identifiable.landing.{table} as t"))
    assert "room of P2" in everything  # the control
    assert 'room of P1"' not in everything


def test_a_workbook_that_lands_later_loses_the_same_persons_rows(landed, query):
    erase(landed, "P1")
    later = workbook(("P1", None), ("P4", "P1"), ("P 1", None))
    files.put(landed.root, "306", "c.xlsx", later, day=3)
    report = land_inbox(landed)
    assert report.rows_landed == 3
    found = query(
        "select rows_read, (select count(*) from identifiable.landing.submission_rows r "
        "where r.submission_id = s.submission_id), (select count(*) from "
        "identifiable.landing.rows_erased e where e.submission_id = s.submission_id) "
        "from identifiable.landing.submissions s where file_name = 'c.xlsx'"
    )
    assert found == [(3, 2, 1)]
    assert query(
        "select count(*) from identifiable.landing.submission_rows where "
        "adult_1_linked_person_id is not null"
    ) == [(0,)]


def test_erasing_again_changes_nothing_and_a_second_erasure_has_its_own_id(landed):
    erase(landed, "P1")
    before = checksums(landed)
    assert erase(landed, "P1") == erasures.Erased(None, 1, 0)
    assert checksums(landed) == before
    assert erase(landed, "P1", "P2") == erasures.Erased("E0002", 2, 1)


def test_an_erasure_that_fails_leaves_everything_as_it_was(landed, monkeypatch):
    erase(landed, "P2")
    before = checksums(landed)
    monkeypatch.setattr(trace_files, "TABLE", "identifiable.landing.no_such_table")
    monkeypatch.setattr(trace_files, "prepare", lambda _: None)
    with pytest.raises(Exception, match="no_such_table"):
        erase(landed, "P1")
    assert checksums(landed) == before


def test_answers_of_the_national_service_about_the_person_go_too(landed, query):
    with connect(landed, identifiable="write") as connection:
        trace_files.prepare(connection)
        connection.execute(
            f"insert into {trace_files.TABLE} by name "
            "select unnest(['306~P1', '306~P10', '308~P1']) as unique_reference"
        )
    erase(landed, "P1")
    left = query("select unique_reference from identifiable.landing.trace_responses order by 1")
    assert left == [("306~P10",), ("308~P1",)]
