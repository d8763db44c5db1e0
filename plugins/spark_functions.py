"""Functions of the warehouse that run in Spark's Python workers: the keyed hash and two on names.

Spark pickles a function to send it to its workers. These are module functions, so what travels is
their name alone; a worker opens the key folder (`ASC_KEYS`, else `ASC_HOME/keys`) by itself when
the first value asks for a token. Neither the key nor a context made from it is ever part of a plan,
of a task or of an event. No function raises an error that holds an argument.
"""

import functools

import duckdb
import pyarrow

from plugins.home import Home
from plugins.keyed_hash import KeyedHash
from plugins.keys import KeyRing


@functools.cache
def _hash_of(domain: str) -> KeyedHash:
    return KeyedHash(KeyRing(Home.from_environment().keys).token_key(domain))


def keyed_hash(domain: str | None, value: str | None) -> str | None:
    """Return the token of a text under the key of a domain; see `plugins.keyed_hash`."""
    if domain is None or not value:
        return None
    return _hash_of(domain).token(value)


@functools.cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"threads": 1})


def _of_two_texts(function: str, left: pyarrow.Array, right: pyarrow.Array) -> pyarrow.Array:
    pairs = pyarrow.table({"l": left, "r": right})
    with _engine().cursor() as cursor:
        answers = cursor.from_arrow(pairs).project(f"{function}(l, r) as answer").to_arrow_table()
    return answers.column("answer").combine_chunks()


def text_similarity(left: pyarrow.Array, right: pyarrow.Array) -> pyarrow.Array:
    """Return how alike two texts are, 0 to 1 (Jaro-Winkler), as DuckDB counts it."""
    return _of_two_texts("jaro_winkler_similarity", left, right)


def text_changes(left: pyarrow.Array, right: pyarrow.Array) -> pyarrow.Array:
    """Return by how many changes two texts differ (Damerau-Levenshtein), as DuckDB counts it."""
    return _of_two_texts("damerau_levenshtein", left, right).cast(pyarrow.int64())
