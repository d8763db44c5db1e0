"""`asc sql`: reads and nothing else; null and the empty text stay apart."""

import json
import shutil
from pathlib import Path

import pytest
from small_warehouse import IN_FORCE

from plugins.home import Home
from plugins.keys import KeyRing

_VALUES = (
    "select null as nothing, '' as empty, 'a,\"b\"' as text, 1.50::decimal(9, 2) as money, "
    "date '2024-01-31' as day, true as flag, 12 as number"
)


@pytest.fixture
def release_folder(read_only_home: Home) -> Path:
    (folder,) = (read_only_home.releases / IN_FORCE).iterdir()
    return folder


def test_csv_keeps_null_and_the_empty_text_apart(asc, read_only_home: Home):
    result = asc(read_only_home, "sql", "pseudonymised", _VALUES, "--format", "csv")
    assert result.stdout.splitlines() == [
        "nothing,empty,text,money,day,flag,number",
        ',"","a,""b""",1.50,2024-01-31,true,12',
    ]
    assert result.stderr == ""


def test_json_is_one_array_with_nulls_numbers_and_iso_dates(asc, read_only_home: Home):
    result = asc(read_only_home, "sql", "pseudonymised", _VALUES, "--format", "json")
    assert json.loads(result.stdout) == [
        {
            "nothing": None,
            "empty": "",
            "text": 'a,"b"',
            "money": 1.5,
            "day": "2024-01-31",
            "flag": True,
            "number": 12,
        }
    ]
    empty = asc(read_only_home, "sql", "pseudonymised", "select 1 limit 0", "--format", "json")
    assert json.loads(empty.stdout) == []


def test_a_table_is_aligned_with_numbers_to_the_right(asc, read_only_home: Home):
    query = "select * from (values ('a', 5), ('bcd', 1000)) as t (name, n)"
    result = asc(read_only_home, "sql", "pseudonymised", query, "--format", "table")
    assert result.stdout.splitlines() == ["name     n", "----  ----", "a        5", "bcd   1000"]


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) as n from marts.linked_persons",
        "from pseudonymised.marts.linked_persons select count(*) as n",
        "with a as (select 1) select 400 as n from a",
    ],
)
def test_a_zone_answers_with_and_without_its_name(asc, read_only_home: Home, query: str):
    assert asc(read_only_home, "sql", "pseudonymised", query).stdout == "n\n400\n"


@pytest.mark.parametrize(
    "query",
    [
        "describe marts.linked_persons",
        "show all tables",
        "explain analyze select * from marts.linked_persons",
        "select table_name from information_schema.tables where table_name = 'linked_persons'",
    ],
)
def test_the_catalogue_can_be_asked(asc, read_only_home: Home, query: str):
    result = asc(read_only_home, "sql", "pseudonymised", query)
    assert result.exit_code == 0
    assert result.stdout.strip()


@pytest.mark.parametrize("form", ["file", "relative", "copy"])
def test_a_release_is_found_as_folder_file_or_copy_and_named_without_prefix(
    asc, read_only_home: Home, release_folder: Path, tmp_path: Path, form: str
):
    copied = tmp_path / "sent" / "to"
    shutil.copytree(release_folder, copied)
    place = {
        "file": str(release_folder / "marts.duckdb"),
        "relative": read_only_home.relative(release_folder),
        "copy": str(copied),
    }[form]
    result = asc(read_only_home, "sql", place, "select count(*) as n from main.linked_persons")
    assert result.stdout == "n\n200\n"


def test_a_release_whose_manifest_is_gone_opens_by_its_folders_name(asc, home: Home):
    (folder,) = (home.releases / IN_FORCE).iterdir()
    (folder / "manifest.json").unlink()
    KeyRing(home.keys).rotate(f"delivery-{IN_FORCE}")
    result = asc(home, "sql", str(folder), "select count(*) as n from linked_persons")
    assert result.stdout == "n\n200\n"
    (home.keys / f"delivery-{IN_FORCE}.v1.key").unlink()
    result = asc(home, "sql", str(folder), "select 1")
    assert (result.exit_code, result.stdout) == (1, "")


@pytest.mark.parametrize(
    "statement",
    [
        "create table x as select 1",
        "insert into marts.linked_persons select * from marts.linked_persons",
        "update marts.linked_persons set sex = ''",
        "delete from marts.linked_persons",
        "drop table marts.linked_persons",
        "copy marts.linked_persons to 'out.csv'",
        "explain analyze copy (select 1) to 'out.csv'",
        "explain analyze insert into marts.linked_persons select * from marts.linked_persons",
        "attach 'other.duckdb'",
        "set threads = 1",
        "select 1; select 2",
        "select 1; drop table marts.linked_persons",
        "",
        "install httpfs",
        "call pragma_version()",
    ],
)
def test_what_does_not_read_is_refused(asc, read_only_home: Home, statement: str):
    result = asc(read_only_home, "sql", "pseudonymised", statement)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_nothing_outside_the_zone_can_be_read(asc, read_only_home: Home):
    places = [
        read_only_home.keys / "root.v1.key",
        read_only_home.root / "releases" / "ledger_head.json",
        Path("pyproject.toml"),
    ]
    for place in [*map(str, places), "https://localhost/x"]:
        result = asc(read_only_home, "sql", "pseudonymised", f"select * from read_text('{place}')")
        assert (result.exit_code, result.stdout) == (1, ""), place
    assert asc(read_only_home, "sql", "pseudonymised", "from identifiable.a.b").exit_code == 1


def test_an_error_is_one_line_without_the_value_it_stumbled_on(asc, home: Home):
    query = "select use_of_care::integer from marts.linked_persons where use_of_care like 'home%'"
    result = asc(home, "sql", "pseudonymised", query)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "home care" not in result.stderr
    assert asc(home, "sql", "pseudonymised", "select nothing_of_the_kind").exit_code == 1


def test_a_zone_or_file_that_is_not_there_is_said_so(asc, tmp_path: Path):
    home = Home.at(tmp_path)
    KeyRing(home.keys).initialise()
    assert asc(home, "sql", "identifiable", "select 1").exit_code == 1
    assert "asc land" in asc(home, "sql", "identifiable", "select 1").stderr
    assert asc(home, "sql", "nowhere", "select 1").exit_code == 2
