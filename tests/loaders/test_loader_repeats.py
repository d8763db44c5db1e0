"""Landing again, after a kill, and the same content twice: the tables are the same."""

import datetime
import json
import subprocess
import sys

import loader_files as files
import pytest

from loaders import landing_tables
from loaders.land import LandingError, land_inbox
from loaders.specification import Field
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import KeyRing
from plugins.zones import connect

KILLED_RUN = """
import sys
from pathlib import Path
from loaders import landing_tables
from loaders.land import land_inbox
from plugins.home import Home

calls, add_records = 0, landing_tables.add_records

def add_records_and_wait(*arguments):
    global calls
    add_records(*arguments)
    calls += 1
    if calls == 4:  # the second sheet of the third workbook: written, not committed
        print("now", flush=True)
        sys.stdin.read()

landing_tables.add_records = add_records_and_wait
land_inbox(Home.at(Path(sys.argv[1])))
"""


def checksums(home: Home) -> dict[str, tuple]:
    """Row count and order-independent hash of every landing table."""
    with connect(home, identifiable="read") as connection:
        tables = connection.execute(
            "select database_name || '.landing.' || table_name from duckdb_tables() "
            "where schema_name = 'landing' order by all"
        ).fetchall()
        return {
            table: connection.execute(
                f"select count(*), bit_xor(hash(t)), sum(hash(t)::hugeint) from {table} as t"
            ).fetchall()[0]
            for (table,) in tables
        }


def fill(home: Home) -> None:
    """Five workbooks, a refused file, an extract."""
    sheet = [list(files.HEADERS), *files.records(40)]
    files.put(home.root, "306", "a.xlsx", files.good_xlsx(30), day=1)
    files.put(home.root, "306", "b.xls", files.xls_bytes({"Data": sheet}), day=2)
    files.put(home.root, "306", "c.xlsx", files.xlsx_bytes({"One": sheet, "Two": sheet}), day=3)
    files.put(home.root, "306", "d.xlsx", files.good_xlsx(31), day=4)
    files.put(home.root, "308", "e.xlsx", files.good_xlsx(32, la_code="308"), day=5)
    files.put(home.root, "308", "f.xlsx", b"", day=6)
    folder = home.inbox / "reference"
    folder.mkdir()
    (folder / "population.csv").write_text(
        "lsoa11,age_band,sex,population,year\nE1,0-4,male,9,2017\n"
    )


def test_given_a_landed_inbox_when_landed_again_then_no_table_changes(home):
    fill(home)
    first = land_inbox(home)
    before = checksums(home)

    again = land_inbox(home)

    assert checksums(home) == before
    assert first.rows_landed == 30 + 40 + 80 + 31 + 32
    assert (first.exit_code, again.exit_code) == (3, 0)
    assert (again.rows_landed, again.files_already_there, again.extracts_already_there) == (0, 6, 1)


def test_given_a_run_killed_inside_a_workbook_when_run_again_then_the_tables_are_the_same(
    home, tmp_path
):
    undisturbed = Home.at(tmp_path / "undisturbed")
    undisturbed.inbox.mkdir(parents=True)
    KeyRing(undisturbed.keys).initialise()
    for warehouse in (home, undisturbed):
        fill(warehouse)
    land_inbox(undisturbed)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_RUN, str(home.root)],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"now\n"
    process.kill()
    process.wait()

    with connect(home, identifiable="read") as connection:
        left = connection.execute(
            "select file_name, count(row_number) from identifiable.landing.submissions "
            "left join identifiable.landing.submission_rows using (submission_id) "
            "group by all order by all"
        ).fetchall()
    report = land_inbox(home)

    assert left == [("a.xlsx", 30), ("b.xls", 40)]
    assert report.files_already_there == 2
    assert checksums(home) == checksums(undisturbed)


def test_given_the_same_content_under_another_name_when_landed_then_it_is_one_duplicate_row(
    home, query
):
    files.put(home.root, "306", "b_first.xlsx", files.good_xlsx(5), day=1)
    files.put(home.root, "306", "a_copy.xlsx", files.good_xlsx(5), day=2)

    report = land_inbox(home)

    landed, duplicate = query(
        "select outcome, file_name, rows_read, reason, submission_id from "
        "identifiable.landing.submissions order by received_at"
    )
    assert landed[:3] == ("landed", "b_first.xlsx", 5)
    assert duplicate[:3] == ("duplicate", "a_copy.xlsx", 0)
    assert landed[4] in duplicate[3]
    assert query("select count(*) from identifiable.landing.submission_rows") == [(5,)]
    assert (report.files_duplicate, report.exit_code) == (1, 0)


def test_given_the_same_content_of_two_councils_when_landed_then_neither_is_a_duplicate(home):
    rows = [["", "", f"P{n}", "Service", ""] for n in range(3)]
    content = files.xlsx_bytes({"Data": [list(files.HEADERS), *rows]})
    for council in ("306", "308"):
        files.put(home.root, council, "a.xlsx", content)

    assert land_inbox(home).files_landed == 2


def test_given_new_content_under_an_old_name_when_landed_then_both_are_kept(home, query):
    files.put(home.root, "306", "a.xlsx", files.good_xlsx(2), day=1)
    land_inbox(home)
    files.put(home.root, "306", "a.xlsx", files.good_xlsx(3), day=2)
    land_inbox(home)

    assert query(
        "select received_at, rows_read from identifiable.landing.submissions order by 1"
    ) == [(datetime.datetime(2017, 7, 1, 9), 2), (datetime.datetime(2017, 7, 2, 9), 3)]


def test_given_a_received_date_when_landed_then_it_counts_instead_of_the_files_own(home, query):
    files.put(home.root, "306", "a.xlsx", files.good_xlsx(2))

    land_inbox(home, received_at=datetime.date(2018, 2, 3))

    assert query("select received_at from identifiable.landing.submissions") == [
        (datetime.datetime(2018, 2, 3),)
    ]


def test_given_an_inbox_elsewhere_when_landed_then_its_workbooks_and_extracts_land(home, tmp_path):
    elsewhere = tmp_path / "else [where] *"
    fill_home = Home.at(elsewhere)
    fill_home.inbox.mkdir(parents=True)
    fill(fill_home)

    report = land_inbox(home, inbox=fill_home.inbox)

    assert report.files_landed == 5
    assert [(e.extract, e.rows) for e in report.extracts_landed] == [("reference_population", 1)]


def test_given_a_seed_with_a_new_field_when_prepared_then_the_column_is_added(home, query):
    old = [Field("la_code", "LA Code", ())]
    new = [*old, Field("preferred_language", "Preferred Language", ())]
    for fields in (old, new, new):
        with connect(home, identifiable="write") as connection:
            landing_tables.prepare(connection, fields)

    assert query(
        "select column_name from duckdb_columns() where table_name = 'submission_rows' "
        "order by column_index"
    ) == [
        ("submission_id",),
        ("row_number",),
        ("la_code",),
        ("other_columns",),
        ("preferred_language",),
    ]


def test_given_things_out_of_place_when_landed_then_they_are_counted(home):
    files.put(home.root, "306", "a.xlsx", files.good_xlsx())
    (home.inbox / "submissions" / "stray.xlsx").write_bytes(b"x")
    (home.inbox / "submissions" / "306" / "older").mkdir()

    report = land_inbox(home)

    assert (report.entries_out_of_place, report.files_landed, report.exit_code) == (2, 1, 0)


def test_given_a_report_when_written_as_json_then_it_is_one_document_with_the_exit_code(
    home, capfd
):
    files.put(home.root, "306", "a.xlsx", b"")

    document = json.loads(land_inbox(home).to_json())

    assert document["exit_code"] == 3
    assert document["refusals"][0]["sender_la_code"] == "306"
    assert capfd.readouterr() == ("", "")


def test_given_progress_wanted_when_landed_then_no_file_name_is_shown(home, capfd):
    files.put(home.root, "306", "mrs_example.xlsx", files.good_xlsx())

    land_inbox(home, quiet=False)

    shown = capfd.readouterr()
    assert shown.out == ""
    assert "workbooks" in shown.err
    assert "example" not in shown.err


def test_given_no_inbox_when_landed_then_the_error_says_so(home):
    home.inbox.rmdir()

    with pytest.raises(FileNotFoundError, match="no inbox"):
        land_inbox(home)


def test_given_a_warehouse_that_another_process_holds_when_landed_then_the_error_has_no_values(
    home,
):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from plugins.home import Home; "
            "from plugins.zones import connect; "
            "c = connect(Home.at(Path(sys.argv[1])), identifiable='write'); "
            "print('now', flush=True); sys.stdin.read()",
            str(home.root),
        ],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"now\n"
        with pytest.raises(LandingError):
            land_inbox(home)
    finally:
        holder.kill()
        holder.wait()
