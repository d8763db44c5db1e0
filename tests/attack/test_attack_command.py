"""`asc attack`: exit codes, what it says, and what it never says."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_releases import World, make_world, written
from mutants import MUTANTS

from attack.run import ATTACKS
from cli.main import main


@pytest.fixture(scope="module")
def good() -> World:
    return make_world()


@pytest.fixture
def asc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    def run(*arguments: str | Path) -> Result:
        monkeypatch.setenv("ASC_HOME", str(tmp_path))
        monkeypatch.delenv("ASC_KEYS", raising=False)
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run


def put(world: World, home: Path) -> None:
    """Lay releases out as a home does: folder, manifest and database file."""
    holding = written(world, home)
    holding.connection.close()
    for release in holding.releases:
        folder = home / "releases" / release.agreement / release.manifest["release_id"]
        folder.mkdir(parents=True)
        release.file.rename(folder / "marts.duckdb")
        (folder / "manifest.json").write_text(json.dumps(release.manifest))


def known(world: World, folder: Path) -> Path:
    """The intruder's file."""
    file = folder / "known.csv"
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, world.known[0])
        writer.writeheader()
        writer.writerows(world.known)
    return file


def spoilt(name: str) -> World:
    world = make_world()
    next(mutant for mutant in MUTANTS if mutant.name == name).spoil(world)
    return world


def test_good_releases_end_with_0_and_every_attack_says_what_it_examined(asc, good, tmp_path):
    put(good, tmp_path)
    result = asc("attack", "--aux", known(good, tmp_path), "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert [one["attack"] for one in report["attacks"]] == [attack.id for attack in ATTACKS]
    assert all(sum(one["examined"].values()) > 0 for one in report["attacks"])
    assert report["succeeded"] == []
    assert not list((tmp_path / "warehouse").glob("attack-*"))


def test_what_could_not_be_examined_is_said_not_passed(asc, good, tmp_path):
    # Given no intruder's file
    put(good, tmp_path)
    result = asc("attack", "DSA-306")
    assert result.exit_code == 0
    assert "nothing to examine  motivated-intruder" in result.stdout


def test_a_success_ends_with_6_even_when_quiet_and_shows_nobody_s_value(asc, good, tmp_path):
    world = spoilt("nhs_number_in_a_cell")
    put(world, tmp_path)
    result = asc("attack", "--quiet", "--aux", known(good, tmp_path))
    assert result.exit_code == 6
    assert "found: DSA-14L/20170911-002: release_notes.subject: NHS numbers: 1" in result.stdout
    assert not any(person.nhs_number in result.output for person in world.persons)
    assert "nothing found" not in result.stdout


def test_a_path_limits_what_is_attacked(asc, good, tmp_path):
    put(spoilt("nhs_number_in_a_cell"), tmp_path)
    people = known(good, tmp_path)
    assert asc("attack", "DSA-306", "--aux", people).exit_code == 0
    folder = tmp_path / "releases" / "DSA-14L" / "20170911-002"
    assert asc("attack", folder, "--aux", people).exit_code == 6


@pytest.mark.parametrize("arguments", [(), ("nowhere",), ("--aux", "nowhere.csv")])
def test_nothing_to_attack_is_a_usage_error(asc, arguments):
    assert asc("attack", *arguments).exit_code == 2


def test_a_file_that_no_key_at_hand_opens_is_an_error_of_its_own(asc, tmp_path):
    folder = tmp_path / "releases" / "DSA-1" / "20170911-001"
    folder.mkdir(parents=True)
    (folder / "marts.duckdb").write_bytes(b"no database" * 999)
    result = asc("attack")
    assert result.exit_code == 1
    assert "cannot be opened with the keys at hand" in result.output
