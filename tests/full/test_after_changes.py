"""What changes after a release reaches the next: numbers that the index merges, persons erased."""

import json
from pathlib import Path

import duckdb
import pytest
from built_warehouse import Warehouse

COUNCIL, AGREEMENT = "316", "ASC-316-LIVERPOOL"
MERGED, ERASED = 30, 6
# Clients of the council shown to it under their number, with that number and the council's own id.
SHOWN = """
    select distinct nhs_number, la_person_unique_identifier
    from identifiable.intermediate.int_tokens_assigned
    join pseudonymised.intermediate.int_persons_placed using (la_code, person_token)
    where la_code = ? and agreement_reference = ? and is_shown and nhs_number is not null
    qualify count(*) over (partition by nhs_number) = 1
    order by 1
"""


# Valid numbers that nobody has: nine digits beginning with 9, and the check digit (modulus 11).
UNUSED = """
    with candidates as (
        select body, 11 - (
            select sum((11 - place) * substr(body, place::int, 1)::int) from range(1, 10) p (place)
        ) % 11 as check_digit
        from (select range::varchar as body from range(912345001, 912346000))
    )
    select body || (check_digit % 11)::varchar as number
    from candidates
    where check_digit <> 10 and number not in (select nhs_number from '{person}')
    order by 1 limit {count}
"""


def merge_numbers(index: Path, former: list[str]) -> None:
    """Give each number's person a new one; the former row stays, and points at the one in force."""
    person, fresh = index / "person.parquet", index / "fresh.parquet"
    with duckdb.connect() as connection:
        unused = connection.execute(UNUSED.format(person=person, count=len(former))).fetchall()
        connection.execute("create table renamed (former varchar, present varchar)")
        pairs = [[old, new] for old, (new,) in zip(former, unused, strict=True)]
        connection.executemany("insert into renamed values (?, ?)", pairs)
        superseded = (
            f"select held.* replace (present as superseded_by_nhs_number) from '{person}' as held "
            "inner join renamed on nhs_number = former"
        )
        for table in ("person", "address", "name"):
            path = index / f"{table}.parquet"
            moved = (
                f"select held.* replace (coalesce(present, nhs_number) as nhs_number) "
                f"from '{path}' as held left join renamed on nhs_number = former"
            )
            more = f" union all by name {superseded}" if table == "person" else ""
            connection.execute(f"copy ({moved}{more}) to '{fresh}' (format parquet)")
            fresh.replace(path)


@pytest.fixture(scope="module")
def changed(tmp_path_factory) -> tuple[Warehouse, list[tuple], list[tuple], dict]:
    """A warehouse, released, after a merger of numbers and an erasure, built and reissued."""
    copy = Warehouse(tmp_path_factory.mktemp("changed") / "home")
    copy.run("asc", "keys", "init", "--quiet")
    copy.run("asc", "sample", "--persons", "700", "--months", "1", "--seed", "7", "--quiet")
    copy.run("asc", "land", "--quiet")
    copy.dbt("build", "--exclude-resource-type", "unit_test")
    copy.run("asc", "release", "--quiet")
    persons = copy.query(SHOWN, COUNCIL, AGREEMENT)
    merged, erased = persons[:MERGED], persons[-ERASED:]
    index = copy.root / "inbox" / "person_index"
    merge_numbers(index, [number for number, _ in merged])
    listed = copy.root / "persons.txt"
    listed.write_text("".join(f"{person}\n" for _, person in erased))
    said = copy.run("asc", "erase", COUNCIL, listed, "--reason", "article 17", "--json")
    refused = copy.run("asc", "release", check=False)
    assert (refused.returncode, "erased since" in refused.stderr) == (4, True)
    copy.run("asc", "land", "--quiet")
    copy.dbt("build", "--exclude-resource-type", "unit_test")
    copy.run("asc", "reissue", COUNCIL, "--reason", "article 17", "--quiet")
    return copy, merged, erased, json.loads(said.stdout)


def test_a_merger_of_numbers_gives_notice_of_how_many_pseudonyms_changed(changed):
    copy, merged, _, _ = changed
    notices = []
    for folder in copy.releases()[AGREEMENT]:
        manifest = json.loads((folder / "manifest.json").read_text())
        notices.append(manifest["token_changes"].get("number_merged"))
    # Rounded to fives like every count; some of the merged are not the council's any more.
    assert abs(int(notices[-1]) - len(merged)) <= 5
    found = copy.query(
        "select count(distinct former_token) from pseudonymised.intermediate.int_tokens_replaced "
        "where change_type = 'number_merged' and former_token in (select person_token "
        "from pseudonymised.governance.released_persons where agreement_reference = ? "
        "and is_shown)",
        AGREEMENT,
    )
    assert found[0][0] >= len(merged)


def test_the_erased_are_in_no_table_and_others_are(changed):
    copy, merged, erased, said = changed
    assert said["persons"] == ERASED
    assert said["rows"] >= ERASED
    holders = {"persons_erased"}
    with copy.connect(identifiable="read", pseudonymised="read") as connection:
        columns = connection.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns() "
            "where database_name in ('identifiable', 'pseudonymised') and data_type = 'VARCHAR'"
        ).fetchall()
        persons = [person for _, person in erased]
        left, control = set(), set()
        for database, schema, table, column in columns:
            place = f'{database}.{schema}."{table}"'
            council = "la_code" if (database, schema, table, "la_code") in columns else "'316'"
            for who, found in ((persons, left), ([p for _, p in merged], control)):
                if connection.execute(
                    f'select 1 from {place} where "{column}" in (select unnest(?)) '
                    f"and {council} = '316' limit 1",
                    [who],
                ).fetchall():
                    found.add(table)
    assert left <= holders, left
    assert {"submission_rows", "int_rows_validated", "int_persons_traced"} <= control


def test_what_was_released_before_is_replaced_and_everything_is_as_recorded(changed):
    copy, _, _, said = changed
    replaced = {(one["agreement_reference"], one["release_id"]) for one in said["affected"]}
    assert AGREEMENT in {reference for reference, _ in replaced}
    standing = {
        (reference, folder.name)
        for reference, folders in copy.releases().items()
        for folder in folders
    }
    assert not replaced & standing
    assert {reference for reference, _ in replaced} <= {reference for reference, _ in standing}
    copy.run("asc", "verify", "--quiet")
