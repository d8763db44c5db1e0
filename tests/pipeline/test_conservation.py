"""Nothing is lost on the way from the workbook to the judged row."""

import re

import pytest

CONSERVED = "collection_rows_conserve"


def test_every_row_of_every_workbook_is_landed_and_judged_once(warehouse):
    rows = warehouse.query(f"""
        with files as (select la_code, file_name, rows from {warehouse.truth("files")}),
        landed as (
            select s.sender_la_code as la_code, s.file_name, any_value(s.rows_read) as rows_read,
                count(r.row_number) as rows_landed,
                count(*) filter (where v.outcome = 'accepted') as accepted,
                count(*) filter (where v.outcome = 'quarantined') as quarantined
            from identifiable.landing.submissions s
            join identifiable.landing.submission_rows r using (submission_id)
            left join identifiable.intermediate.int_rows_validated v
                using (submission_id, row_number)
            group by 1, 2
        )
        select rows, rows_read, rows_landed, accepted + quarantined
        from files left join landed using (la_code, file_name)
    """)
    assert len(rows) == 9
    assert all(len(set(row)) == 1 for row in rows), rows


@pytest.mark.parametrize(
    "table", ["landing.submission_rows", "intermediate.int_rows_validated", "landing.submissions"]
)
def test_the_dbt_test_turns_red_when_one_row_is_deleted(warehouse, tmp_path, table):
    # Given a warehouse from which one row is gone
    spoilt = warehouse.copy(tmp_path / "spoilt")
    with spoilt.connect(identifiable="write") as connection:
        before = connection.execute(f"select count(*) from identifiable.{table}").fetchone()[0]
        connection.execute(
            f"delete from identifiable.{table} where rowid = "
            f"(select max(rowid) from identifiable.{table})"
        )
        after = connection.execute(f"select count(*) from identifiable.{table}").fetchone()[0]
    assert after == before - 1
    # When the conservation test runs
    result = spoilt.dbt("test", "--select", CONSERVED, check=False)
    # Then it fails, and says so without showing a row
    assert result.returncode == 1
    assert re.search(rf"FAIL \d+ {CONSERVED}", result.stdout), result.stdout[-2000:]


def test_a_red_test_stops_the_release(warehouse, tmp_path):
    spoilt = warehouse.copy(tmp_path / "spoilt")
    with spoilt.connect(identifiable="write") as connection:
        connection.execute("delete from identifiable.landing.submission_rows where rowid = 5")
    spoilt.dbt("build", "--select", CONSERVED, check=False)
    refused = spoilt.run("asc", "release", "--quiet", check=False)
    assert refused.returncode == 4
    assert "Tests of the last dbt run failed" in refused.stdout + refused.stderr
