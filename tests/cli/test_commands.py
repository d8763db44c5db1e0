"""`asc`: exit codes, one sentence for an error, one JSON document and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_warehouse import EXPIRED, IN_FORCE, SECOND, add_build, change, flip_byte

from cli.main import main
from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import KeyRing

_COMMANDS = sorted(main.commands)


def test_every_command_of_the_interface_is_there():
    expected = {
        "attack",
        "keys",
        "sample",
        "land",
        "release",
        "withdraw",
        "verify",
        "sql",
        "report",
        "summary",
    }
    assert expected <= set(_COMMANDS)


_KEY_COMMANDS = ["keys init", "keys list", "keys rotate", "keys password"]


@pytest.mark.parametrize("command", [*_COMMANDS, *_KEY_COMMANDS])
def test_every_command_explains_itself(asc, tmp_path: Path, command: str):
    result = asc(Home.at(tmp_path), *command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.stdout


@pytest.mark.parametrize(
    "arguments", [("nothing",), ("release", "--as-of", "soon"), ("withdraw", "DSA-001"), ("sql",)]
)
def test_a_usage_error_ends_with_2(asc, tmp_path: Path, arguments: tuple[str, ...]):
    assert asc(Home.at(tmp_path), *arguments).exit_code == 2


def test_keys_are_made_once_listed_by_id_and_never_shown(asc, tmp_path: Path):
    home = Home.at(tmp_path)
    made = asc(home, "keys", "init", "--json")
    assert json.loads(made.stdout) == {"made": ["root.v1", "identifiable.v1", "pseudonymised.v1"]}
    again = asc(home, "keys", "init")
    listed = asc(home, "keys", "list")
    assert "root.v1" in listed.stdout
    for key in home.keys.glob("*.key"):
        secret = KeyRing(home.keys).key(key.name.split(".")[0])
        for result in (made, again, listed):
            assert secret.text.rstrip("=") not in result.output
            assert secret.secret.hex() not in result.output


def test_a_councils_password_is_shown_on_request_alone_and_can_be_rotated(asc, home: Home):
    before = asc(home, "keys", "password", "306").stdout.strip()
    assert before == KeyRing(home.keys).council_password("306")
    others = [asc(home, *words) for words in (("keys", "list"), ("report",), ("verify",))]
    assert [result.exit_code for result in others] == [0, 0, 0]
    assert asc(home, "keys", "rotate", "rows-306").exit_code == 0
    after = asc(home, "keys", "password", "306").stdout.strip()
    assert after != before
    for secret in (before, after):
        assert [result for result in others if secret in result.output] == []
        files = [path for path in home.root.rglob("*") if path.is_file()]
        assert [path for path in files if secret.encode() in path.read_bytes()] == []
    assert asc(home, "keys", "password", "999").exit_code == 2
    assert asc(home, "keys", "rotate", "rows-999").exit_code == 2


def test_rotating_a_zone_encrypts_its_file_anew_and_loses_nothing(asc, home: Home):
    before = asc(home, "sql", "pseudonymised", "select * from marts.linked_persons order by all")
    assert asc(home, "keys", "rotate", "pseudonymised").exit_code == 0
    (home.keys / "pseudonymised.v1.key").unlink()
    after = asc(home, "sql", "pseudonymised", "select * from marts.linked_persons order by all")
    assert before.stdout == after.stdout
    comment = "select comment from duckdb_tables() where table_name = 'linked_persons'"
    assert "One row per" in asc(home, "sql", "pseudonymised", comment).stdout
    assert asc(home, "verify").exit_code == 0
    assert not (home.keys / "rotating").exists()


def test_a_rotation_that_was_killed_before_its_key_took_over_is_finished(asc, home: Home):
    asc(home, "keys", "rotate", "pseudonymised")
    waiting = home.keys / "rotating"
    waiting.mkdir()
    (home.keys / "pseudonymised.v2.key").rename(waiting / "pseudonymised.v2.key")
    assert asc(home, "sql", "pseudonymised", "select 1").exit_code == 1
    assert asc(home, "keys", "rotate", "pseudonymised").exit_code == 0
    assert asc(home, "sql", "pseudonymised", "select 1").exit_code == 0


def test_an_older_release_opens_after_its_delivery_key_was_rotated(asc, home: Home):
    assert asc(home, "keys", "rotate", f"delivery-{IN_FORCE}").exit_code == 0
    assert asc(home, "verify").exit_code == 0
    made = json.loads(asc(home, "release", "--agreement", IN_FORCE, "--json").stdout)["released"]
    manifest = json.loads((home.root / made[0]["path"] / "manifest.json").read_text())
    assert manifest["delivery_key_id"] == f"delivery-{IN_FORCE}.v2"
    assert asc(home, "verify").exit_code == 0


def test_without_keys_a_command_says_so_in_one_line(asc, tmp_path: Path):
    result = asc(Home.at(tmp_path), "release")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [f"No keys in {tmp_path}/keys: run `asc keys init` first."]


def test_releasing_ends_with_0_though_others_are_refused_and_says_so(asc, home: Home):
    result = asc(home, "release")
    assert result.exit_code == 0
    assert f"released  {IN_FORCE}" in result.stdout
    assert f"refused  {EXPIRED}  expired" in result.stderr


def test_a_refused_unknown_or_gated_release_has_its_own_exit_code(asc, home: Home):
    assert asc(home, "release", "--agreement", EXPIRED, "--quiet").exit_code == 4
    assert asc(home, "release", "--agreement", "DSA-NOBODY").exit_code == 2
    assert asc(home, "release", "--as-of", "2019-01-01").exit_code == 4
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_build(connection, "red")
    result = asc(home, "release", "--json")
    assert result.exit_code == 4
    assert "dbt build" in json.loads(result.stdout)["gate"]


def test_withdrawing_and_verifying_report_in_json(asc, home: Home):
    result = asc(home, "withdraw", IN_FORCE, "--reason", "complaint", "--json")
    assert json.loads(result.stdout)["releases"][0].endswith("-001")
    assert asc(home, "withdraw", "DSA-NOBODY", "--reason", "none").exit_code == 2
    assert json.loads(asc(home, "verify", "--json").stdout)["mismatches"] == []
    (folder,) = (home.releases / SECOND).iterdir()
    flip_byte(folder / "marts.duckdb")
    result = asc(home, "verify", "--json")
    assert result.exit_code == 5
    assert home.relative(folder) in json.loads(result.stdout)["mismatches"][0]["path"]
    assert f"mismatch  {home.relative(folder)}/marts.duckdb" in asc(home, "verify").stdout


def test_a_broken_ledger_stops_a_release_with_one_sentence(asc, home: Home):
    change(home, "delete from pseudonymised.governance.release_ledger where entry_number = 6")
    result = asc(home, "release")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "asc verify" in result.stderr


def test_a_zone_that_another_process_holds_is_named_as_such(home: Home):
    with zones.connect(home, pseudonymised=zones.WRITE):
        ended = subprocess.run(
            [sys.executable, "-m", "cli.main", "release"],
            cwd=PROJECT_ROOT,
            env=os.environ | {"ASC_HOME": str(home.root)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines() == [
        "A zone is in use by another process: try again when it has ended."
    ]


def test_an_unexpected_error_shows_neither_a_value_nor_a_traceback(asc, home: Home, monkeypatch):
    def broken(_: Home) -> dict:
        raise ValueError("943 476 5919")

    monkeypatch.setattr("cli.summary.summarise", broken)
    result = asc(home, "summary")
    assert result.exit_code == 1
    assert result.stderr.startswith("Unexpected error (ValueError in test_commands.py")
    assert "5919" not in result.output


def test_the_summary_counts_what_came_in_and_what_went_out(asc, home: Home):
    with zones.connect(home, identifiable=zones.WRITE) as connection:
        connection.execute(
            "create schema identifiable.intermediate;"
            "create table identifiable.landing.submissions as select * from (values "
            "('a', '306', '1.xlsx', 12, 'landed'), ('b', '306', '1.xlsx', 3, 'landed'), "
            "('c', '308', '2.xlsx', null, 'refused')) "
            "as s (submission_id, sender_la_code, file_name, rows_read, outcome);"
            "create table identifiable.intermediate.int_rows_validated as "
            "select 'a' as submission_id, i as row_number, "
            "case when i < 3 then 'quarantined' else 'accepted' end as outcome "
            "from range(15) r (i);"
            "create table identifiable.intermediate.int_persons_traced as "
            "select case when i = 0 then 'none' else 'exact' end as trace_step from range(4) r (i)"
        )
    content = json.loads(asc(home, "summary", "--json").stdout)
    assert content["workbooks"] == {"landed": 1, "duplicate": 0, "refused": 1}
    assert content["rows"] == {"landed": 15, "accepted": 12, "quarantined": 3}
    assert content["persons"] == {"exact": 3, "none": 1}
    assert content["linked_share"] == 0.75
    assert [made["persons"] for made in content["releases"]] == [200, 200]
    text = asc(home, "summary").stdout
    assert "linked to an NHS number: 75.0%" in text
    assert f"releases/{IN_FORCE}/" in text


def test_the_summary_of_an_empty_warehouse_is_no_error(asc, tmp_path: Path):
    result = asc(Home.at(tmp_path), "summary")
    assert result.exit_code == 0
    assert "not built yet" in result.stdout


def test_landing_ends_with_3_when_a_file_is_refused_and_shows_no_file_name(asc, tmp_path: Path):
    home = Home.at(tmp_path)
    KeyRing(home.keys).initialise()
    assert asc(home, "land").exit_code == 2
    folder = home.inbox / "submissions" / "306"
    folder.mkdir(parents=True)
    (folder / "jane_doe.txt").write_text("x")
    result = asc(home, "land")
    assert result.exit_code == 3
    assert "jane_doe" not in result.output
    assert "306" in result.stderr
    again = asc(home, "land", "--json")
    assert (again.exit_code, json.loads(again.stdout)["files_already_there"]) == (0, 1)
