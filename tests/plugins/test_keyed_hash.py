"""The keyed hash against the standard's vectors and against a second implementation in SQL."""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from plugins import keyed_hash

# RFC 4231, HMAC-SHA-256: key, text and digest of the cases whose data are text.
RFC_4231 = {
    "case 1": (
        b"\x0b" * 20,
        "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    "case 2": (
        b"Jefe",
        "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    "case 5": (b"\x0c" * 20, "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
    "case 6": (
        b"\xaa" * 131,
        "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    "case 7": (
        b"\xaa" * 131,
        "This is a test using a larger than block-size key and a larger t"
        "han block-size data. The key needs to be hashed before being used by the HMAC al"
        "gorithm.",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
}

# HMAC in plain SQL for a key of at most 64 bytes: the padded keys go in as bytes.
SQL_HMAC = """
select sha256(?::blob || unhex(sha256(?::blob || encode(value)))) from (select ? as value)
"""


@pytest.fixture
def connection():
    return duckdb.connect()


@pytest.mark.parametrize("case", RFC_4231)
def test_the_function_gives_the_first_sixteen_bytes_of_the_standard_s_digest(connection, case):
    key, text, digest = RFC_4231[case]
    kept = keyed_hash.register(connection, lambda domain: key)
    token = connection.execute("select keyed_hash('any', ?)", [text]).fetchone()[0]
    assert token == digest[:32] and kept is not None


def test_the_function_agrees_with_an_hmac_written_in_sql(connection):
    # Given a dummy key, its two padded forms, and texts of many lengths and alphabets
    key = bytes(range(32))
    inner = bytes(b ^ 0x36 for b in key.ljust(64, b"\0"))
    outer = bytes(b ^ 0x5C for b in key.ljust(64, b"\0"))
    kept = keyed_hash.register(connection, lambda domain: key)
    texts = ["9000000009", "a", "é", "中" * 40, "x" * 63, "x" * 64, "x" * 65, " padded "]
    # When both hash them
    for text in texts:
        by_function = connection.execute("select keyed_hash('d', ?)", [text]).fetchone()[0]
        by_sql = connection.execute(SQL_HMAC, [outer, inner, text]).fetchone()[0]
        # Then they agree
        assert by_function == by_sql[:32], len(text)
    assert kept is not None


def test_null_and_empty_give_null_and_order_is_kept_over_many_chunks(connection):
    kept = keyed_hash.register(connection, lambda domain: domain.encode())
    assert connection.execute(
        "select keyed_hash('d', null), keyed_hash('d', ''), keyed_hash(null, 'x')"
    ).fetchone() == (None, None, None)
    rows = connection.execute(
        "select i, keyed_hash('d' || (i % 3), i::varchar) from range(20000) t(i) order by i"
    ).fetchall()
    for i in (0, 1, 2, 2047, 2048, 2049, 19999):
        assert rows[i][1] == keyed_hash.KeyedHash(f"d{i % 3}".encode()).token(str(i))
    assert kept is not None


def test_two_domains_share_no_token(connection):
    kept = keyed_hash.register(connection, lambda domain: domain.encode())
    shared = connection.execute("""
        select count(*) from range(1000) a(i), range(1000) b(j)
        where keyed_hash('one', i::varchar) = keyed_hash('two', j::varchar)
    """).fetchone()[0]
    assert shared == 0 and kept is not None


@pytest.mark.parametrize("function", ["keyed_hash", "keyed_hash_bytes"])
def test_tokens_are_right_inside_expressions_and_while_two_statements_run(connection, function):
    # Given tokens made inside coalesce over a join, the way the warehouse makes them
    kept = keyed_hash.register(connection, lambda domain: domain.encode())
    connection.execute("create table ids as select i::varchar as id from range(20000) t(i)")
    local = keyed_hash.KeyedHash(b"local")
    expected = {str(i): local.token(str(i)) for i in range(0, 20000, 3)}

    # When two threads make them, many times over
    def make(label: str) -> int:
        cursor = connection.cursor()
        wrong = 0
        for _ in range(10):
            cursor.execute(f"""
                create or replace table made_{label} as
                select a.id, coalesce(b.token, {function}('local', a.id)) as token
                from ids a
                left join (
                    select id, {function}('linkage', id) as token from ids where id::int % 3 > 0
                ) b on a.id = b.id
            """)
            made = cursor.execute(f"select id, token from made_{label} where id::int % 3 = 0")
            wrong += sum(expected[i] != str(t).replace("-", "") for i, t in made.fetchall())
        return wrong

    with ThreadPoolExecutor(2) as pool:
        wrong = list(pool.map(make, ("one", "two")))
    # Then none is wrong
    assert wrong == [0, 0] and kept is not None
