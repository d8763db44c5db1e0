"""Zones: encrypted files that open only with their key, inside a sandbox."""

from pathlib import Path

import duckdb
import duckdb_extension_httpfs
import pytest

from plugins import zones
from plugins.home import Home
from plugins.keys import KeyRing, KeyRingError


@pytest.fixture
def home(tmp_path):
    KeyRing(tmp_path / "keys").initialise()
    return Home.at(tmp_path)


@pytest.fixture
def written(home):
    connection = zones.connect(home, identifiable="write", pseudonymised="write")
    connection.execute("create table identifiable.main.t as select 'CANARY-VALUE' as secret")
    connection.close()
    return home


def plain_connection():
    connection = duckdb.connect()
    folder = Path(duckdb_extension_httpfs.__file__).parent / "extensions"
    connection.execute(f"load '{folder}/v{duckdb.__version__}/httpfs.duckdb_extension'")
    return connection


def test_a_zone_does_not_open_without_its_key(written):
    path = zones.zone_path(written, "identifiable")
    with pytest.raises(duckdb.Error):
        plain_connection().execute(f"attach '{path}' as z")


def test_a_zone_does_not_open_with_the_other_zone_s_key(written):
    path = zones.zone_path(written, "identifiable")
    key = KeyRing(written.keys).key("pseudonymised").text
    with pytest.raises(duckdb.Error):
        plain_connection().execute(f"attach '{path}' as z (encryption_key ?)", [key])


def test_a_zone_opens_with_its_key_from_plain_duckdb(written):
    path = zones.zone_path(written, "identifiable")
    connection = plain_connection()
    key = KeyRing(written.keys).key("identifiable").text
    connection.execute(f"attach '{path}' as z (encryption_key ?, read_only)", [key])
    assert connection.execute("select secret from z.main.t").fetchone() == ("CANARY-VALUE",)


def test_no_byte_of_a_value_stands_in_the_clear(written):
    for path in written.warehouse.rglob("*"):
        if path.is_file():
            assert b"CANARY" not in path.read_bytes()


def test_a_process_with_one_zone_cannot_reach_the_other(written):
    connection = zones.connect(written, pseudonymised="read")
    with pytest.raises(duckdb.Error):
        connection.execute("select * from identifiable.main.t")


def test_the_sandbox_reads_no_file_outside_and_cannot_be_opened_again(written):
    connection = zones.connect(written, pseudonymised="read")
    with pytest.raises(duckdb.Error):
        connection.execute("select * from read_text('/etc/hostname')")
    with pytest.raises(duckdb.Error):
        connection.execute("set enable_external_access = true")


def test_strong_encryption_is_on_for_files_and_for_what_spills(written):
    connection = zones.connect(written, pseudonymised="read")
    settings = connection.execute("""
        select current_setting('force_mbedtls_unsafe'), current_setting('temp_file_encryption'),
            current_setting('temp_directory')
    """).fetchone()
    assert settings == (False, True, str(written.warehouse / "temp"))


def test_no_zone_is_made_without_keys(tmp_path):
    with pytest.raises(KeyRingError, match="asc keys init"):
        zones.connect(Home.at(tmp_path), identifiable="write")


def test_a_key_file_that_others_can_read_is_refused(home):
    path = home.keys / "root.v1.key"
    path.chmod(0o644)
    with pytest.raises(KeyRingError, match=r"chmod 600 root\.v1\.key"):
        KeyRing(home.keys).key("root")


def test_a_short_key_is_refused_and_not_shown(home):
    path = home.keys / "root.v1.key"
    path.write_text("c2hvcnQ=\n")
    with pytest.raises(KeyRingError) as refusal:
        KeyRing(home.keys).key("root")
    assert "c2hvcnQ" not in str(refusal.value) and "short" not in str(refusal.value)


def test_a_key_shows_its_id_and_never_its_secret(home):
    key = KeyRing(home.keys).key("root")
    assert key.text not in repr(key) and key.secret.hex() not in repr(key)
    assert "root.v1" in str(KeyRing(home.keys).keys_listed())
    assert key.text not in str(KeyRing(home.keys).keys_listed())


def test_rotating_a_token_domain_changes_its_key_and_no_other(home):
    ring = KeyRing(home.keys)
    before = ring.token_key("AGREEMENT-1"), ring.token_key("AGREEMENT-2")
    assert ring.rotate("AGREEMENT-1") == "AGREEMENT-1.v2"
    after = ring.token_key("AGREEMENT-1"), ring.token_key("AGREEMENT-2")
    assert before[0] != after[0] and before[1] == after[1]


def memory_limit_of(connection):
    return connection.execute("select current_setting('memory_limit')").fetchone()[0]


def test_the_engine_keeps_to_the_memory_limit_of_the_environment(written, monkeypatch):
    monkeypatch.setenv("ASC_MEMORY_LIMIT", "1GiB")
    with zones.connect(written, identifiable="read") as connection:
        assert memory_limit_of(connection) == "1.0 GiB"


def test_a_profile_s_memory_limit_comes_before_that_of_the_environment(written, monkeypatch):
    monkeypatch.setenv("ASC_MEMORY_LIMIT", "1GiB")
    connection = duckdb.connect()
    zones.prepare(connection, written, memory_limit="2GiB")
    assert memory_limit_of(connection) == "2.0 GiB"


def test_what_spills_is_encrypted_and_stays_in_the_warehouse_s_folder(written, monkeypatch):
    monkeypatch.setenv("ASC_MEMORY_LIMIT", "60MB")
    temporary = written.warehouse / "temp"
    with zones.connect(written, identifiable="read", threads=1) as connection:
        connection.execute("""
            create temp table spilt as
            select 'CANARY-SPILT ' || range || repeat('x', 200) as secret from range(600000)
        """)
        files = [path for path in temporary.rglob("*") if path.is_file()]
        assert sum(path.stat().st_size for path in files) > 1_000_000
        assert not any(b"CANARY-SPILT" in path.read_bytes() for path in files)
