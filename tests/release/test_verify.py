"""`asc verify` turns red, naming what changed, whenever anything differs from the record."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from small_warehouse import IN_FORCE, SECOND, change, flip_byte, ledger_rows

from plugins import zones
from plugins.home import Home
from release import ledger
from release.run import release
from release.verify import verify
from release.withdraw import withdraw


@pytest.fixture(scope="module")
def released_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("released") / "home"
    shutil.copytree(template, root)
    release(Home.at(root), agreement=IN_FORCE)
    release(Home.at(root), agreement=SECOND)
    release(Home.at(root), agreement="DSA-EXPIRED")
    return root


@pytest.fixture
def home(released_template: Path, tmp_path: Path) -> Home:
    root = tmp_path / "home"
    shutil.copytree(released_template, root)
    return Home.at(root)


@pytest.fixture
def folder(home: Home) -> Path:
    (found,) = (home.releases / IN_FORCE).iterdir()
    return found


def findings(home: Home, path: Path | None = None) -> str:
    outcome = verify(home, path)
    assert outcome.exit_code == 5
    return "\n".join(f"{mismatch.path}: {mismatch.what}" for mismatch in outcome.mismatches)


def test_an_untouched_warehouse_is_as_recorded(home: Home):
    outcome = verify(home)
    assert (outcome.exit_code, outcome.mismatches, outcome.notes) == (0, [], [])
    assert outcome.checked == {"zones": 2, "ledger_entries": 3, "releases": 2}


@pytest.mark.parametrize("name", ["marts.duckdb", "manifest.json"])
@pytest.mark.parametrize("place", [0.5, 0.999])
def test_one_changed_byte_of_a_release_is_found(home: Home, folder: Path, name: str, place: float):
    flip_byte(folder / name, place)
    assert f"{home.relative(folder)}/{name}: " in findings(home, folder)


@pytest.mark.parametrize("name", ["marts.duckdb", "manifest.json"])
@pytest.mark.parametrize("damage", ["missing", "truncated"])
def test_a_damaged_release_is_a_mismatch_and_no_traceback(
    home: Home, folder: Path, name: str, damage: str
):
    path = folder / name
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(b"" if damage == "empty" else content[: len(content) // 2])
    assert f"{home.relative(folder)}/{name}: " in findings(home, folder)


def test_a_missing_release_and_an_unrecorded_one_are_named(home: Home, folder: Path):
    folder.rename(folder.with_name("20200101-009"))
    text = findings(home)
    assert f"{home.relative(folder)}: release is missing" in text
    assert "20200101-009: has no entry in the ledger" in text


def test_a_file_that_does_not_belong_to_a_release_is_named(home: Home, folder: Path):
    (folder / "persons.csv").write_text("x")
    assert "persons.csv: does not belong" in findings(home)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("update {} set agreement_version = 9 where entry_number = 1", "entry 1 was changed"),
        ("delete from {} where entry_number = 3", "entries are gone"),
        ("delete from {} where entry_number = 2", "entry 3 stands where entry 2 should"),
        ("drop table {}", "the ledger is missing"),
    ],
)
def test_a_changed_or_shortened_ledger_is_found(
    home: Home, folder: Path, statement: str, what: str
):
    change(home, statement.format(ledger.TABLE))
    assert what in findings(home, folder)


@pytest.mark.parametrize("column", [c for c in ledger.COLUMNS if c != "entry_number"])
def test_a_change_in_any_column_of_the_ledger_is_found_under_its_entry(home: Home, column: str):
    value = ledger_rows(home)[1][column]
    if isinstance(value, int):
        changed = str(value + 1)
    elif isinstance(value, date):
        changed = f"{column} + interval 1 day"
    else:
        changed = "'withdrawn'" if value is None else f"'{chr(ord(value[0]) ^ 1)}{value[1:]}'"
    change(home, f"update {ledger.TABLE} set {column} = {changed} where entry_number = 2")
    assert "entry 2 " in findings(home)


def test_a_tail_cut_off_together_with_its_anchor_is_found_by_the_release_it_recorded(home: Home):
    change(home, f"delete from {ledger.TABLE} where entry_number > 1")
    ledger.write_head(home, ledger_rows(home)[-1])
    (other,) = (home.releases / SECOND).iterdir()
    assert f"{home.relative(other)}: has no entry in the ledger" in findings(home)


def test_a_change_in_a_value_of_the_manifest_is_found(home: Home, folder: Path):
    path = folder / "manifest.json"
    sound = json.loads(path.read_text())
    for name in ("controller", "products", "councils", "policy", "ledger_hash"):
        assert name in sound
        path.write_text(json.dumps(sound | {name: "another"}, indent=1))
        assert f"{home.relative(folder)}/manifest.json: " in findings(home, folder), name


def test_nothing_is_added_to_a_ledger_that_was_emptied(home: Home):
    change(home, f"delete from {ledger.TABLE}")
    with pytest.raises(ledger.LedgerError):
        release(home)


def test_a_last_entry_rewritten_with_a_fitting_hash_is_found_by_the_anchor(home: Home):
    last = ledger_rows(home)[-1] | {"reason": "none"}
    change(
        home,
        f"update {ledger.TABLE} set reason = 'none', entry_hash = '{ledger.hash_of(last)}' "
        "where entry_number = 3",
    )
    assert "the anchor's hash is not that of entry 3" in findings(home)


@pytest.mark.parametrize("content", [None, "", '{"entry_number": "x"}'])
def test_a_missing_or_unreadable_anchor_is_found(home: Home, content: str | None):
    path = ledger.head_path(home)
    path.unlink()
    if content is not None:
        path.write_text(content)
    assert "ledger_head.json: the anchor" in findings(home)
    with pytest.raises(ledger.LedgerError):
        release(home)


def test_an_anchor_that_lags_is_noted_and_healed_by_the_next_entry(home: Home):
    first = ledger_rows(home)[0]
    ledger.write_head(home, first)
    outcome = verify(home)
    assert (outcome.exit_code, len(outcome.notes)) == (0, 1)
    release(home, agreement=SECOND)
    assert json.loads(ledger.head_path(home).read_text())["entry_number"] == 4
    assert verify(home).notes == []


@pytest.mark.parametrize("zone", ["identifiable", "pseudonymised"])
@pytest.mark.parametrize("damage", ["missing", "truncated", "header"])
def test_a_damaged_zone_file_is_a_mismatch(home: Home, zone: str, damage: str):
    path = zones.zone_path(home, zone)
    content = path.read_bytes()
    path.unlink()
    if damage == "header":
        path.write_bytes(bytes([content[0] ^ 1]) * 64 + content[64:])
    elif damage != "missing":
        path.write_bytes(b"" if damage == "empty" else content[: len(content) * 2 // 3])
    (folder, *_) = (home.releases / IN_FORCE).iterdir()
    assert f"warehouse/{zone}.duckdb: zone file" in findings(home, folder)


def test_a_release_whose_key_is_gone_cannot_be_vouched_for(home: Home, folder: Path):
    (home.keys / f"delivery-{IN_FORCE}.v1.key").unlink()
    text = findings(home)
    assert f"{home.relative(folder)}/marts.duckdb: its tables cannot be checked" in text
    assert SECOND not in text


def test_a_path_limits_the_check_to_one_release(home: Home, folder: Path):
    (other,) = (home.releases / SECOND).iterdir()
    flip_byte(other / "marts.duckdb")
    assert verify(home, folder).exit_code == 0
    assert verify(home, folder / "manifest.json").exit_code == 0
    assert other.name in findings(home, other)
    assert "no release folder" in findings(home, home.root)


def test_files_of_a_withdrawn_release_that_came_back_are_found(home: Home, folder: Path):
    kept = home.root / "kept"
    shutil.copytree(folder, kept)
    withdraw(home, IN_FORCE, "complaint")
    assert verify(home).exit_code == 0
    shutil.move(kept, folder)
    assert "was withdrawn" in findings(home)
