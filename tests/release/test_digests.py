"""A table's digest can be had again by anybody, with DuckDB's own CSV writer."""

import hashlib
from pathlib import Path

import duckdb

from release.digests import table_digest

_ROWS = """
create table t as select * from (values
    ('b', 1, null, 1.50::decimal(18, 2), date '2024-01-31', true, 0.1::double),
    ('a', 2, '', null, null, false, 1e20::double),
    ('a', 1, 'comma, "quote"', 0, date '1948-07-05', null, null),
    (null, 3, 'two' || chr(10) || 'lines', -1.25, date '2024-02-29', true, 2),
    ('c', 4, '#hash a#b', 9, date '2024-02-29', true, 2)
) as rows (person_pseudonym, number, "odd, name", money, day, flag, share)
"""


def test_the_digest_is_that_of_duckdbs_own_csv(tmp_path: Path):
    with duckdb.connect() as connection:
        connection.execute(_ROWS)
        connection.execute(f"copy (from t order by all) to '{tmp_path}/t.csv' (header)")
        expected = hashlib.sha256((tmp_path / "t.csv").read_bytes()).hexdigest()
        assert table_digest(connection, "memory", "main", "t") == (5, expected)


def test_the_digest_does_not_depend_on_the_order_of_insertion_but_on_every_value():
    with duckdb.connect() as connection:
        connection.execute(_ROWS)
        digest = table_digest(connection, "memory", "main", "t")
        connection.execute("create table turned as from t order by number desc")
        assert table_digest(connection, "memory", "main", "turned") == digest
        connection.execute("update turned set \"odd, name\" = '' where number = 1")
        assert table_digest(connection, "memory", "main", "turned") != digest


def test_an_empty_table_has_the_digest_of_its_header():
    with duckdb.connect() as connection:
        connection.execute("create table t (a integer, b varchar)")
        expected = hashlib.sha256(b"a,b\n").hexdigest()
        assert table_digest(connection, "memory", "main", "t") == (0, expected)
