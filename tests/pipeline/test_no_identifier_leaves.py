"""No identifier of the sample population stands on the far side of the wall or in a release."""

import datetime
import re

import duckdb
import pytest
from built_warehouse import seed_cells

from plugins import zones
from plugins.keys import KeyRing


def passes_modulus_11(text: str) -> bool:
    if len(text) != 10 or not text.isdigit():
        return False
    total = sum(int(d) * w for d, w in zip(text[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(text[9])


@pytest.fixture(scope="module")
def identifiers(warehouse) -> dict[str, set[str]]:
    """What must not be found, from truth: whole cell values by kind."""
    ask = warehouse.query
    persons, clients = warehouse.truth("persons"), warehouse.truth("clients")
    names = {
        n
        for row in ask(f"select upper(given_name), upper(family_name) from {persons}")
        for n in row
    }
    # A few surnames are also words of the policy (White, Field), and Green is a good build; a few
    # births are also dates of the policy.
    words = {"GREEN"} | {cell.upper() for cell in seed_cells()}
    return {
        "nhs_number": {r[0] for r in ask(f"select unnest(all_nhs_numbers) from {persons}")},
        "la_person_id": {r[0] for r in ask(f"select la_person_unique_identifier from {clients}")},
        "postcode": {r[0] for r in ask(f"select postcode from {warehouse.truth('addresses')}")},
        "date_of_birth": {
            str(r[0])[:10]
            for r in ask(f"select date_of_birth from {persons} join {clients} using (person_id)")
        }
        - seed_cells(),
        "name": names - words,
    }


def check_every_cell(connection: duckdb.DuckDBPyConnection, database: str, identifiers) -> int:
    """Look at each distinct value of each column of each table; return how many were looked at."""
    tables = connection.execute(
        """
        select schema_name, table_name from duckdb_tables() where database_name = ?
        union all
        select schema_name, view_name from duckdb_views() where database_name = ? and not internal
    """,
        [database, database],
    ).fetchall()
    assert tables
    looked_at = 0
    for schema, table in tables:
        name = f'{database}."{schema}"."{table}"'
        columns = [row[0] for row in connection.execute(f"describe {name}").fetchall()]
        for column in columns:
            values = connection.execute(f'select distinct "{column}" from {name}').fetchall()
            for (value,) in values:
                if value is None:
                    continue
                looked_at += 1
                text = str(value).strip()
                where = f"{schema}.{table}.{column}"
                plain = text.replace(" ", "")
                assert not passes_modulus_11(plain), f"an NHS number in {where}"
                assert text not in identifiers["la_person_id"], f"a council's id in {where}"
                assert text not in identifiers["postcode"], f"a postcode in {where}"
                assert text.upper() not in identifiers["name"], f"a name in {where}"
                if isinstance(value, datetime.date) or len(text) >= 10:
                    assert text[:10] not in identifiers["date_of_birth"], f"a birth in {where}"
    return looked_at


def test_no_cell_of_the_pseudonymised_zone_holds_an_identifier(warehouse, identifiers):
    with warehouse.connect(pseudonymised="read") as connection:
        assert check_every_cell(connection, "pseudonymised", identifiers) > 10_000


def test_no_cell_of_any_release_holds_an_identifier(warehouse, identifiers):
    for folders in warehouse.releases().values():
        with warehouse.open_release(folders[-1]) as connection:
            assert check_every_cell(connection, "released", identifiers) > 500


def test_the_check_finds_each_kind_of_identifier_where_there_is_one(warehouse, identifiers):
    # Given the identifiable zone, which holds them all
    with warehouse.connect(identifiable="read") as connection, pytest.raises(AssertionError):
        check_every_cell(connection, "identifiable", identifiers)
    assert all(identifiers.values())


def test_no_byte_of_a_decrypted_copy_holds_an_identifier(warehouse, identifiers, tmp_path):
    # Given each release and the pseudonymised zone, copied into plain uncompressed files
    ring = KeyRing(warehouse.home.keys)
    sources = {
        "zone": (zones.zone_path(warehouse.home, "pseudonymised"), ring.key("pseudonymised"))
    }
    for reference, folders in warehouse.releases().items():
        sources[reference] = (folders[-1] / "marts.duckdb", ring.delivery_key(reference))
    exact = identifiers["nhs_number"] | {i for i in identifiers["la_person_id"] if len(i) > 5}
    for label, (path, key) in sources.items():
        connection = duckdb.connect()
        zones.load_encryption(connection)
        zones.attach(connection, path, "source", key)
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute(f"attach '{tmp_path / label}.duckdb' as plain")
        tables = connection.execute("""
            select schema_name, table_name from duckdb_tables() where database_name = 'source'
        """).fetchall()
        for schema, table in tables:
            connection.execute(f'create schema if not exists plain."{schema}"')
            connection.execute(
                f'create table plain."{schema}"."{table}" as from source."{schema}"."{table}"'
            )
        connection.close()
        # When their bytes are searched
        content = (tmp_path / f"{label}.duckdb").read_bytes()
        found = {token for token in content_words(content) if token in exact}
        # Then nothing is found
        assert not found, label


def content_words(content: bytes) -> set[str]:
    """Every run of letters, digits and hyphens in the bytes, and all ten digits in a row."""
    words = {word.decode() for word in re.findall(rb"[A-Za-z0-9-]{5,40}", content)}
    words |= {m.decode() for m in re.findall(rb"(?=(\d{10}))", content)}
    return words


def test_a_release_holds_only_the_columns_of_its_dictionary(warehouse):
    for folders in warehouse.releases().values():
        with warehouse.open_release(folders[-1]) as connection:
            columns = set(
                connection.execute(
                    "select table_name, column_name from duckdb_columns() "
                    "where database_name = 'released'"
                ).fetchall()
            )
            described = set(
                connection.execute(
                    "select table_name, column_name from column_dictionary"
                ).fetchall()
            )
        assert columns == described
