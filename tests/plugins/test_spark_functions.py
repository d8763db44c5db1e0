"""Functions of Spark's workers: the tokens of DuckDB, and nothing of the key in what travels."""

import base64
import pickle

import duckdb
import pyarrow
import pytest

from plugins import keyed_hash, spark_functions
from plugins.keys import KeyRing

SECRET = b"travels-nowhere-32-bytes-of-key!"


@pytest.fixture
def ring(tmp_path, monkeypatch) -> KeyRing:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    (folder / "root.v1.key").write_text(base64.b64encode(SECRET).decode())
    (folder / "root.v1.key").chmod(0o600)
    monkeypatch.setenv("ASC_KEYS", str(folder))
    spark_functions._hash_of.cache_clear()
    yield KeyRing(folder)
    spark_functions._hash_of.cache_clear()


@pytest.mark.parametrize("domain", ["linkage", "local", "ASC-316-LIVERPOOL"])
def test_a_worker_makes_the_tokens_that_duckdb_makes(ring, domain):
    connection = duckdb.connect()
    kept = keyed_hash.register(connection, ring.token_key)
    texts = ["9434765919", "316|A 1", "Zoë", "", None]
    expected = [
        connection.execute("select keyed_hash(?, ?)", [domain, text]).fetchone()[0]
        for text in texts
    ]
    assert kept is not None
    assert [spark_functions.keyed_hash(domain, text) for text in texts] == expected
    assert expected[3:] == [None, None] and len(set(expected[:3])) == 3
    assert spark_functions.keyed_hash(None, "9434765919") is None


def test_what_travels_to_a_worker_is_a_name(ring):
    spark_functions.keyed_hash("linkage", "9434765919")  # the key has been read in this process
    sent = pickle.dumps(spark_functions.keyed_hash)
    assert b"spark_functions" in sent and len(sent) < 100
    for form in (SECRET, base64.b64encode(SECRET), SECRET.hex().encode()):
        assert form not in sent


def test_a_key_that_is_missing_is_told_without_the_value(ring, tmp_path, monkeypatch):
    monkeypatch.setenv("ASC_KEYS", str(tmp_path / "none"))
    with pytest.raises(Exception, match="root") as told:
        spark_functions.keyed_hash("linkage", "9434765919")
    assert "9434765919" not in str(told.value)


def test_texts_are_compared_as_duckdb_compares_them():
    left = pyarrow.array(["MARTHA", "SMITH", "1024", None, ""])
    right = pyarrow.array(["MARHTA", "SMYTHE", "1204", "A", "A"])
    alike = spark_functions.text_similarity(left, right).to_pylist()
    assert alike[0] == pytest.approx(0.9611, abs=1e-4) and alike[3] is None
    assert spark_functions.text_changes(left, right).to_pylist() == [1, 2, 1, None, 1]
