"""What `asc release` packages, for whom, and what it refuses."""

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import duckdb_extension_httpfs
import pytest
from small_warehouse import (
    AS_OF,
    DENIED,
    EXPIRED,
    IN_FORCE,
    NO_PRODUCT,
    PENDING,
    SECOND,
    TODAY,
    add_agreement,
    add_build,
    change,
    ledger_rows,
)

from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import Key, KeyRing
from release import folders, package
from release.run import Report, UnknownAgreement, release
from release.verify import verify
from release.withdraw import withdraw


def manifest_of(home: Home, report: Report, place: int = 0) -> dict:
    folder = home.root / report.released[place].path
    return json.loads((folder / "manifest.json").read_text())


def reason_of(report: Report) -> str:
    (refused,) = report.refused
    return refused.reason


def plain_duckdb(file: Path, key: str | None) -> duckdb.DuckDBPyConnection:
    """Open a release with nothing but duckdb and its extension package, as a recipient does."""
    extension = next(Path(duckdb_extension_httpfs.__file__).parent.rglob("httpfs.duckdb_extension"))
    connection = duckdb.connect()
    connection.execute(f"load '{extension}'")
    if key is None:
        connection.execute(f"attach '{file}' as marts (read_only)")
    else:
        connection.execute(f"attach '{file}' as marts (encryption_key ?, read_only)", [key])
    return connection


def test_every_agreement_in_force_is_released_and_the_others_are_refused_with_a_reason(home: Home):
    report = release(home)
    assert report.exit_code == 0
    assert [made.agreement_reference for made in report.released] == [IN_FORCE, SECOND]
    reasons = {refused.agreement_reference: refused.reason for refused in report.refused}
    words = {
        EXPIRED: "expired",
        PENDING: "pending",
        DENIED: "no entitlement",
        NO_PRODUCT: "no product",
    }
    assert set(reasons) == set(words)
    assert all(reasons[reference].startswith(word) for reference, word in words.items())
    kinds = [(row["entry_type"], row["agreement_reference"]) for row in ledger_rows(home)]
    assert sorted(kinds) == sorted(
        [("released", IN_FORCE), ("released", SECOND), *(("refused", name) for name in words)]
    )


@pytest.mark.parametrize("reference", [PENDING, DENIED])
def test_a_named_agreement_that_is_not_in_force_is_refused_with_exit_4(home: Home, reference: str):
    report = release(home, agreement=reference)
    assert report.exit_code == 4
    assert not report.released
    assert not (home.releases / reference).exists()


def test_an_unknown_agreement_is_told_apart_from_a_refused_one(home: Home):
    with pytest.raises(UnknownAgreement):
        release(home, agreement="DSA-NOBODY")


@pytest.mark.parametrize("outcome", ["red", "started", "partial"])
def test_nothing_is_released_while_the_last_build_is_not_green(home: Home, outcome: str):
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_build(connection, outcome)
    report = release(home)
    assert report.exit_code == 4
    assert "dbt build" in report.gate
    assert not report.released
    assert [row["entry_type"] for row in ledger_rows(home)] == ["refused"]


def test_without_any_zone_the_gate_is_shut_and_no_zone_is_made(tmp_path: Path):
    home = Home.at(tmp_path)
    KeyRing(home.keys).initialise()
    report = release(home)
    assert report.exit_code == 4
    assert not zones.zone_path(home, "pseudonymised").exists()


def test_an_as_of_date_must_be_that_of_the_build(home: Home):
    other = release(home, as_of=AS_OF - timedelta(days=1))
    assert other.exit_code == 4
    assert f"as_of_date: {AS_OF - timedelta(days=1)}" in other.gate
    assert release(home, as_of=AS_OF).exit_code == 0


def test_data_after_the_end_of_an_agreement_are_refused(home: Home):
    after = TODAY + timedelta(days=200)
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_build(connection, "green", after)
    report = release(home, agreement=IN_FORCE, as_of=after)
    assert report.exit_code == 4
    assert "after the end" in reason_of(report)


def test_an_agreement_ends_after_its_last_day_and_begins_on_its_first(home: Home):
    last, first = TODAY + timedelta(days=100), TODAY - timedelta(days=100)
    assert release(home, IN_FORCE, today=last).released
    assert "expired" in reason_of(release(home, IN_FORCE, today=last + timedelta(days=1)))
    assert release(home, IN_FORCE, today=first).released
    assert "not yet begun" in reason_of(release(home, IN_FORCE, today=first - timedelta(days=1)))


def test_a_pending_later_version_does_not_stop_the_one_in_force(home: Home):
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_agreement(connection, IN_FORCE, version=2, decision="pending", approved_on=None)
    report = release(home, agreement=IN_FORCE)
    assert manifest_of(home, report)["version"] == 1


def test_an_older_version_does_not_come_back_when_the_later_one_has_ended(home: Home):
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_agreement(connection, IN_FORCE, version=2, end_date=TODAY - timedelta(days=1))
    assert "expired" in reason_of(release(home, agreement=IN_FORCE))


def test_a_file_holds_the_agreements_rows_only_ordered_by_token_and_documented(home: Home):
    report = release(home, agreement=IN_FORCE)
    file = home.root / report.released[0].path / package.FILE_NAME
    with plain_duckdb(file, KeyRing(home.keys).delivery_key(IN_FORCE).text) as connection:
        rows = connection.execute("select * from marts.linked_persons").fetchall()
        names = [column[0] for column in connection.description]
        expected = connection.execute(
            "select md5('DSA-001' || number) as token from range(200) as p (number) order by token"
        ).fetchall()
        dictionary = connection.execute(
            "select table_name, column_name from marts.column_dictionary order by all"
        ).fetchall()
        there = connection.execute(
            "select table_name, column_name from duckdb_columns() where database_name = 'marts' "
            "order by all"
        ).fetchall()
        comments = connection.execute(
            "select comment from duckdb_tables() where table_name = 'linked_persons' union all "
            "select comment from duckdb_columns() where column_name = 'age_band' "
            "and table_name = 'linked_persons'"
        ).fetchall()
    assert names[0] == "person_pseudonym"
    assert "agreement_reference" not in names
    assert [row[0] for row in rows] == [token for (token,) in expected]
    assert dictionary == there
    assert comments == [
        ("One row per person's pseudonym.",),
        ("Five-year band; 90+ is the top.",),
    ]


def test_a_product_column_without_a_row_in_the_dictionary_does_not_go_out(home: Home):
    change(
        home,
        "delete from pseudonymised.marts.column_dictionary "
        "where table_name = 'linked_persons' and column_name = 'use_of_care'",
    )
    report = release(home, agreement=IN_FORCE)
    assert report.exit_code == 4
    assert "linked_persons.use_of_care" in reason_of(report)
    assert not list(folders.unfinished_folders(home))


def test_the_manifest_says_what_for_whom_and_under_what(home: Home):
    manifest = manifest_of(home, release(home, agreement=IN_FORCE))
    assert manifest["controller"] == {"code": "306", "name": "Manchester City Council"}
    assert manifest["processors"] == [{"code": "X2C4Y", "name": "A support unit"}]
    assert manifest["as_of_date"] == AS_OF.isoformat()
    assert manifest["policy"] == {"smallest_count": 10, "reference_date": AS_OF.isoformat()}
    assert manifest["products_not_built"] == ["population_needs"]
    assert manifest["products"]["linked_persons"]["rows"] == 200
    assert len(manifest["key_check_value"]) == 8
    assert manifest["delivery_key_id"] == f"delivery-{IN_FORCE}.v1"


def test_an_agreement_without_a_policy_is_refused(home: Home):
    change(home, "delete from pseudonymised.governance.release_policies")
    assert "no policy" in reason_of(release(home, agreement=IN_FORCE))


def test_two_releases_hold_the_same_tokens_and_follow_one_another(home: Home):
    first = manifest_of(home, release(home, agreement=IN_FORCE))
    second = manifest_of(home, release(home, agreement=IN_FORCE))
    assert first["products"] == second["products"]
    assert second["previous_release"] == first["release_id"]
    assert [first["release_id"][-3:], second["release_id"][-3:]] == ["001", "002"]
    rows = ledger_rows(home)
    assert [second["ledger_hash"], rows[1]["previous_hash"]] == [rows[0]["entry_hash"]] * 2
    assert verify(home).exit_code == 0


def test_a_release_keeps_whom_and_which_cells_it_showed(home: Home):
    first = release(home, IN_FORCE).released[0].release_id
    second = release(home, IN_FORCE).released[0].release_id

    with zones.connect(home, pseudonymised=zones.READ) as connection:
        persons = connection.execute(
            "select release_id, count(*), count(*) filter (where is_shown) "
            "from pseudonymised.governance.released_persons where agreement_reference = ? "
            "group by release_id order by release_id",
            [IN_FORCE],
        ).fetchall()
        cells = connection.execute(
            "select measure, value, status from pseudonymised.governance.released_cells "
            "where agreement_reference = ? and release_id = ? order by all",
            [IN_FORCE, first],
        ).fetchall()
        shown = connection.execute(
            "select persons, persons_status from pseudonymised.marts.cohort_monthly "
            "where agreement_reference = ? order by all",
            [IN_FORCE],
        ).fetchall()

    assert persons == [(first, 13, 12), (second, 13, 12)]
    # Only what has a status beside it is a protected count.
    assert cells and cells == [("persons", *cell) for cell in shown]


def test_notes_and_manifest_say_how_many_cells_are_hidden_in_every_release(home: Home):
    for _ in range(2):
        report = release(home, IN_FORCE)
        file = home.root / report.released[0].path / package.FILE_NAME
        with plain_duckdb(file, KeyRing(home.keys).delivery_key(IN_FORCE).text) as connection:
            notes = connection.execute(
                "select subject, value from marts.release_notes where measure = 'cells hidden'"
            ).fetchall()
        assert notes == [("cohort_monthly", "1 of 4")]
        cells = manifest_of(home, report)["utility"]["cells"]
        assert cells == {"cohort_monthly": {"cells": 4, "hidden": 1}}


def test_a_withdrawn_release_leaves_nothing_and_its_id_is_not_used_again(home: Home):
    report = release(home, agreement=IN_FORCE)
    folder = home.root / report.released[0].path
    assert withdraw(home, IN_FORCE, "complaint").releases == [report.released[0].release_id]
    assert not folder.exists()
    assert verify(home).exit_code == 0
    entries = len(ledger_rows(home))
    assert withdraw(home, IN_FORCE, "complaint").releases == []
    assert len(ledger_rows(home)) == entries
    assert "withdrawn" in reason_of(release(home, agreement=IN_FORCE))
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_agreement(connection, IN_FORCE, version=2)
    again = release(home, agreement=IN_FORCE)
    assert again.released[0].release_id.endswith("-002")


def test_withdrawing_before_any_release_stops_the_agreement_too(home: Home):
    withdraw(home, IN_FORCE, "not needed")
    assert release(home, agreement=IN_FORCE).exit_code == 4
    with pytest.raises(UnknownAgreement):
        withdraw(home, "DSA-NOBODY", "none")


def test_a_release_opens_with_its_own_key_only(home: Home):
    report = release(home)
    file = home.root / report.released[0].path / package.FILE_NAME
    ring = KeyRing(home.keys)
    with plain_duckdb(file, ring.delivery_key(IN_FORCE).text) as connection:
        assert connection.execute("select count(*) from marts.linked_persons").fetchall() == [
            (200,)
        ]
    with pytest.raises(duckdb.Error):
        plain_duckdb(file, None)
    with pytest.raises(duckdb.Error):
        plain_duckdb(file, ring.delivery_key(SECOND).text)


def test_folders_and_files_are_the_owners_alone(home: Home):
    made = home.root / release(home, agreement=IN_FORCE).released[0].path
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (made, *made.iterdir())}
    assert set(modes.values()) == {0o700, 0o600}
    assert modes[made] == 0o700
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


_KILLED = """
import os, signal, sys
from pathlib import Path
from plugins.home import Home
from release import {module}
from release.run import release
{module}.{function} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
release(Home.at(Path(sys.argv[1])), agreement="DSA-001")
"""


def run_killed(home: Home, module: str, function: str) -> None:
    code = _KILLED.format(module=module, function=function)
    ended = subprocess.run(
        [sys.executable, "-c", code, str(home.root)],
        cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL


def test_a_kill_before_the_ledger_entry_leaves_no_release_and_the_next_run_clears_up(home: Home):
    run_killed(home, "manifest", "write")
    assert not list(folders.all_release_folders(home))
    assert [path.name for _, path in folders.unfinished_folders(home)]
    outcome = verify(home)
    assert (outcome.exit_code, len(outcome.notes)) == (0, 1)
    assert release(home, agreement=IN_FORCE).exit_code == 0
    assert not list(folders.unfinished_folders(home))
    assert verify(home).exit_code == 0


def test_a_kill_after_the_ledger_entry_is_finished_by_the_next_run(home: Home):
    run_killed(home, "ledger", "write_head")
    assert [row["entry_type"] for row in ledger_rows(home)] == ["released"]
    assert verify(home).exit_code == 5
    report = release(home, agreement=SECOND)
    assert report.exit_code == 0
    assert [reference for reference, _ in folders.all_release_folders(home)] == [IN_FORCE, SECOND]
    assert verify(home).exit_code == 0


def test_no_key_stands_in_any_file_outside_the_key_folder(home: Home):
    report = release(home)
    ring = KeyRing(home.keys)
    secrets = [ring.token_key(IN_FORCE), ring.token_key("linkage")]
    secrets += [
        ring.key(name).secret
        for name in ("root", "identifiable", "pseudonymised", f"delivery-{IN_FORCE}")
    ]
    shapes = list(secrets)
    shapes += [secret.hex().encode() for secret in secrets]
    shapes += [Key("shape", 1, secret).text.rstrip("=").encode() for secret in secrets]
    files = [
        path for path in home.root.rglob("*") if path.is_file() and home.keys not in path.parents
    ]
    assert len(files) >= 2 + 2 * len(report.released)
    for path in files:
        content = path.read_bytes()
        assert not any(shape in content for shape in shapes), path.name
