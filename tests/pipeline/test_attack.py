"""The attacker on real releases, with an intruder who knows the truth about everybody."""

import hashlib
import json
import shutil
from pathlib import Path

import duckdb
import pytest
from built_warehouse import Warehouse

PEOPLE = """
copy (
    select distinct
        p.person_id, p.nhs_number, p.given_name, p.family_name, p.date_of_birth,
        c.la_person_unique_identifier, a.postcode, a.lsoa11, r.msoa11,
        case p.gender when '1' then 'Male' when '2' then 'Female' else 'Unknown' end as sex,
        split_part(p.ethnicity, ' - ', 1) as ethnic_group
    from '{truth}/persons.parquet' p
    join '{truth}/clients.parquet' c using (person_id)
    join '{truth}/addresses.parquet' a using (person_id)
    left join read_csv('{reference}/postcode.csv', all_varchar = true) r on a.postcode = r.pcds
    where a.valid_to is null
) to '{file}'
"""


@pytest.fixture(scope="module")
def known(warehouse, tmp_path_factory) -> Path:
    """All clients of the sample as an intruder's file."""
    file = tmp_path_factory.mktemp("known") / "people.parquet"
    places = {"truth": warehouse.root / "truth", "reference": warehouse.root / "inbox/reference"}
    with duckdb.connect() as connection:
        connection.execute(PEOPLE.format(file=file, **places))
        (count,) = connection.execute(f"select count(*) from '{file}'").fetchone()
    assert count > 1000
    return file


def attack(warehouse: Warehouse, *arguments: str | Path) -> tuple[int, dict]:
    result = warehouse.run("asc", "attack", "--json", *arguments, check=False)
    assert result.stdout, result.stderr
    return result.returncode, json.loads(result.stdout)


def test_no_attack_succeeds_on_the_releases_of_the_sample(warehouse, known):
    code, report = attack(warehouse, "--aux", known)
    found = {one["attack"]: one["found"] for one in report["attacks"] if one["found"]}
    assert (code, found) == (0, {})
    examined = {one["attack"]: one["examined"] for one in report["attacks"]}
    assert examined["motivated-intruder"]["known persons with candidates"] > 1000
    assert examined["person-classes"]["persons"] > 1000
    assert examined["table-bounds"]["hidden cells"] > 500
    assert examined["trajectories"]["pseudonyms"] > 1000


def number_of_a_person(release: duckdb.DuckDBPyConnection, numbers: list[str]) -> None:
    release.execute(
        "update release_notes set subject = ? where note_type = 'rounding'", numbers[:1]
    )


def unkeyed_tokens(release: duckdb.DuckDBPyConnection, numbers: list[str]) -> None:
    tokens = release.execute("select person_pseudonym from linked_persons order by 1").fetchall()
    made = [hashlib.sha256(number.encode()).hexdigest()[:32] for number in numbers]
    pairs = [(new, old) for (old,), new in zip(tokens, made, strict=False)]
    for table in ("linked_persons", "linked_care_events", "linked_health_activity"):
        sql = f"update {table} set person_pseudonym = ? where person_pseudonym = ?"
        release.executemany(sql, pairs)


def ages_by_year(release: duckdb.DuckDBPyConnection, _: list[str]) -> None:
    release.execute(
        "update linked_persons set age_band = (60 + hash(person_pseudonym) % 35)::varchar"
    )


def small_counts_shown(release: duckdb.DuckDBPyConnection, _: list[str]) -> None:
    release.execute(
        "update cohort_monthly set persons = 3, persons_status = 'rounded' "
        "where persons_status = 'hidden'"
    )


def test_faults_planted_in_a_real_release_are_each_caught(warehouse, known, tmp_path):
    # Given the two releases of one agreement in plain files, the later one spoilt in four ways
    reference, folders = next(iter(warehouse.releases().items()))
    with duckdb.connect() as connection:
        query = f"select nhs_number from '{known}' order by 1"
        numbers = [row[0] for row in connection.execute(query).fetchall()]
    for folder in folders:
        copy = tmp_path / reference / folder.name
        copy.mkdir(parents=True)
        shutil.copy(folder / "manifest.json", copy)
        with warehouse.open_release(folder) as connection:
            connection.execute(f"attach '{copy / 'marts.duckdb'}' as plain")
            connection.execute("copy from database released to plain")
            connection.execute("use plain")
            if folder == folders[-1]:
                for spoil in (number_of_a_person, unkeyed_tokens, ages_by_year, small_counts_shown):
                    spoil(connection, numbers)
    # When they are attacked, then each fault is found by its attack
    code, report = attack(warehouse, tmp_path / reference, "--aux", known)
    assert code == 6
    assert set(report["succeeded"]) == {
        "identifier-scan",
        "token-dictionary",
        "person-classes",
        "motivated-intruder",
        "class-difference",
        "trajectories",
        "table-bounds",
        "release-difference",
    }
