"""`asc erase`: what it says, what the ledger keeps, and what waits until the next build."""

import json

import pytest
from small_warehouse import IN_FORCE, SECOND, add_build, change, ledger_rows

from plugins import zones
from plugins.home import Home

ROWS = """
create table identifiable.landing.submission_rows as
    select 'a' as submission_id, i as row_number, 'P' || i % 3 as la_person_unique_identifier
    from range(2, 8) as rows (i);
insert into identifiable.landing.submissions by name
    select 'a' as submission_id, '306' as sender_la_code, 6 as rows_read, 'landed' as outcome;
"""


@pytest.fixture
def landed(home: Home) -> Home:
    from loaders import landing_tables
    from loaders.specification import read_fields

    with zones.connect(home, identifiable=zones.WRITE) as connection:
        landing_tables.prepare(connection, read_fields())
        connection.execute("drop table identifiable.landing.submission_rows")
        connection.execute(ROWS)
    return home


@pytest.fixture
def listed(tmp_path) -> str:
    path = tmp_path / "persons.txt"
    path.write_text("\ufeffP1\r\n\r\n P404 \r\n", encoding="utf-8")
    return str(path)


def build_again(home: Home) -> None:
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_build(connection, "green")
    change(
        home,
        "update pseudonymised.governance.builds set started_at = (select max(recorded_at) + "
        "interval 1 millisecond from pseudonymised.governance.release_ledger) "
        "where started_at = (select max(started_at) from pseudonymised.governance.builds)",
    )


def test_an_erasure_is_a_row_of_the_ledger_and_names_the_releases_to_replace(
    asc, landed: Home, listed: str
):
    result = asc(landed, "erase", "306", listed, "--reason", "article 17", "--json")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["erasure_id"], said["persons"], said["rows"]) == ("E0001", 2, 2)
    assert {one["agreement_reference"] for one in said["affected"]} == {IN_FORCE, SECOND}
    entry = ledger_rows(landed)[-1]
    assert entry["entry_type"] == "erased"
    assert entry["reason"] == "erasure E0001 of council 306: article 17"
    assert "P1" not in result.output
    assert asc(landed, "verify", "--quiet").exit_code == 0


def test_nothing_is_released_until_the_next_build_and_then_all_is_replaced(
    asc, landed: Home, listed: str
):
    before = {entry["release_id"] for entry in ledger_rows(landed) if entry["release_id"]}
    asc(landed, "erase", "306", listed, "--reason", "article 17")
    refused = asc(landed, "release")
    assert (refused.exit_code, "erased since" in refused.output) == (4, True)
    refused = asc(landed, "reissue", "306", "--reason", "article 17")
    assert (refused.exit_code, "erased since" in refused.output) == (4, True)
    build_again(landed)
    done = asc(landed, "reissue", "306", "--reason", "article 17", "--json")
    assert done.exit_code == 0
    replaced = json.loads(done.stdout)["replaced"]
    assert len(replaced) == 2
    assert not before & set(replaced.values())
    assert json.loads(asc(landed, "reissue", "306", "--list", "--json").stdout)["affected"] == []
    assert asc(landed, "verify", "--quiet").exit_code == 0


def test_an_entry_that_a_killed_run_left_out_is_made_by_the_next(
    asc, landed: Home, listed: str, monkeypatch: pytest.MonkeyPatch
):
    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("release.ledger.append", killed)
        asc(landed, "erase", "306", listed, "--reason", "article 17")
    assert [e for e in ledger_rows(landed) if e["entry_type"] == "erased"] == []
    again = asc(landed, "erase", "306", listed, "--reason", "again")
    assert (again.exit_code, "nobody new" in again.stdout) == (0, True)
    (entry,) = [e for e in ledger_rows(landed) if e["entry_type"] == "erased"]
    assert entry["reason"] == "erasure E0001 of council 306: article 17"


@pytest.mark.parametrize(("council", "content"), [("999", "P1"), ("306", " \n")])
def test_an_unknown_council_and_an_empty_list_are_usage_errors(
    asc, landed: Home, tmp_path, council: str, content: str
):
    path = tmp_path / "persons.txt"
    path.write_text(content)
    assert asc(landed, "erase", council, str(path), "--reason", "why").exit_code == 2
