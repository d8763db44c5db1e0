"""What DuckDB says of an error, with every value withheld."""

import duckdb
import pytest

from plugins.errors import without_values

CANARY = "9434765919"
STATEMENTS = {
    "a cast of a literal": f"select cast('{CANARY}x' as date)",
    "a cast of a column": "select cast(cell as date) from landed",
    "a cast to a number": "select cast(cell || 'x' as integer) from landed",
    "a parsed date": "select strptime(cell, '%Y') from landed",
    "a duplicate key": "insert into keyed select cell from landed, range(2)",
    "a text with quotation marks": "select cast('O''Brien \"' || cell as integer) from landed",
    "a text with line breaks": "select strptime(chr(10) || cell || chr(10), '%d') from landed",
    "an error raised in SQL": "select error(cell) from landed",
    "a number out of range": f"select cast({CANARY}::bigint as tinyint)",
}


@pytest.mark.parametrize("kind", STATEMENTS)
def test_an_error_does_not_show_the_value_it_choked_on(kind):
    connection = duckdb.connect()
    connection.execute(f"create table landed as select '{CANARY}' as cell")
    connection.execute("create table keyed (cell varchar primary key)")
    with pytest.raises(duckdb.Error) as caught:
        connection.execute(STATEMENTS[kind]).fetchall()
    assert CANARY in str(caught.value)
    shown = without_values(caught.value)
    assert CANARY not in shown and "Brien" not in shown and shown.strip()


def test_a_planning_error_is_kept_whole_for_it_holds_no_value():
    connection = duckdb.connect()
    with pytest.raises(duckdb.Error) as caught:
        connection.execute("select missing_column from range(3)")
    assert "missing_column" in without_values(caught.value)


def test_the_column_that_failed_is_named():
    connection = duckdb.connect()
    connection.execute("create table landed as select 'x' as date_of_birth")
    with pytest.raises(duckdb.Error) as caught:
        connection.execute("select cast(date_of_birth as date) from landed").fetchall()
    assert "in column date_of_birth" in without_values(caught.value)
