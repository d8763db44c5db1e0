"""`asc publish`: what an analyst sees, and what nobody may do."""

import json
from pathlib import Path

import duckdb
import psycopg
import pytest
from own_postgres import OwnPostgres
from publishing import PROCESSOR, SHORT, A, B, dbname_of, schema_of, session
from small_warehouse import IN_FORCE, SECOND, ledger_rows

from plugins import zones
from plugins.home import Home
from plugins.keys import KeyRing
from release.server import hardening
from release.server.connection import Server, ServerRefused
from release.server.publish import publish
from release.verify import verify


def test_each_release_stands_in_its_own_schema_as_it_stands_in_its_file(
    postgres: OwnPostgres, home: Home, database: str
):
    outcome = publish(home, database)
    assert outcome.exit_code == 0
    assert [p.agreement_reference for p in outcome.published] == [IN_FORCE, SECOND]
    assert [p.logins for p in outcome.published] == [[A, PROCESSOR, SHORT], [B]]
    for login, reference in ((A, IN_FORCE), (PROCESSOR, IN_FORCE), (B, SECOND)):
        (folder,) = (home.releases / reference).iterdir()
        manifest = json.loads((folder / "manifest.json").read_text())
        with session(postgres, home, database, login) as analyst:
            assert analyst.execute("select current_schema").fetchone()[0] == schema_of(
                home, reference
            )
            views = analyst.execute(
                "select table_name from information_schema.tables "
                "where table_schema = current_schema"
            ).fetchall()
            assert {view for (view,) in views} == {*manifest["products"], "release_manifest"}
            key = KeyRing(home.keys).key(f"delivery-{reference}", 1)
            with duckdb.connect() as file:
                zones.load_encryption(file)
                zones.attach(file, folder / "marts.duckdb", "released", key)
                for table in manifest["products"]:
                    expected = file.execute(f"from released.{table}").fetchall()
                    found = analyst.execute(f"select * from {table}").fetchall()
                    assert sorted(found, key=str) == sorted(expected, key=str), table
            said = analyst.execute("select manifest from release_manifest").fetchone()[0]
            assert said == manifest
            about = analyst.execute(
                "select obj_description('linked_persons'::regclass), "
                "col_description('linked_persons'::regclass, 2)"
            ).fetchone()
            assert about == ("One row per person's pseudonym.", "Five-year band; 90+ is the top.")
    kinds = [(row["entry_type"], row["agreement_reference"]) for row in ledger_rows(home)]
    assert ("published", IN_FORCE) in kinds and ("published", SECOND) in kinds
    assert verify(home).exit_code == 0


def test_what_is_refused_is_a_row_of_the_ledger(home: Home, database: str):
    outcome = publish(home, database)
    reasons = {
        row["agreement_reference"]: row["reason"]
        for row in ledger_rows(home)
        if row["entry_type"] == "refused" and (row["reason"] or "").startswith("server: ")
    }
    assert set(outcome.refused) == set(reasons)
    assert reasons["DSA-EXPIRED"].startswith("server: expired")
    assert reasons["DSA-DENIED"] == "server: no release: run `asc release`"


@pytest.mark.parametrize("audit", ["pgaudit", "log_statement"])
def test_what_an_analyst_asks_is_kept_in_the_servers_log(
    postgres: OwnPostgres, home: Home, database: str, monkeypatch: pytest.MonkeyPatch, audit: str
):
    if audit == "log_statement":
        monkeypatch.setattr(hardening, "audited_by", lambda _: "log_statement")
    elif not postgres.audits:
        pytest.skip("NOT TESTED: the package of pgaudit is not installed")
    assert publish(home, database).audited_by == audit
    with session(postgres, home, database, A) as analyst:
        for name in ("pgaudit.log", "log_statement", "log_min_duration_statement"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute(f"set {name} = 'none'" if "min" not in name else f"set {name} = -1")
        analyst.execute(f"select count(*), 'asked under {audit}' from linked_persons")
    asked = [
        line for line in postgres.log.read_text().splitlines() if f"asked under {audit}" in line
    ]
    assert [line for line in asked if ("AUDIT" in line) == (audit == "pgaudit")]


def test_neither_passwords_nor_keys_reach_the_servers_log(
    postgres: OwnPostgres, home: Home, database: str
):
    with postgres.connect() as admin:
        admin.execute("alter system set log_statement = 'all'")
        admin.execute("select pg_reload_conf()")
    try:
        publish(home, database)
        session(postgres, home, database, A).close()
    finally:
        with postgres.connect() as admin:
            admin.execute("alter system reset log_statement")
            admin.execute("select pg_reload_conf()")
    log, ring = postgres.log.read_text(), KeyRing(home.keys)
    assert "SCRAM-SHA-256$" in log  # the control: the statement itself was logged
    secrets = [ring.analyst_password(login) for login in (A, B, PROCESSOR)]
    secrets += [ring.key(f"delivery-{IN_FORCE}").text, ring.key("root").text, postgres.password]
    assert [secret for secret in secrets if secret in log] == []
    files = [path for path in home.root.rglob("*") if path.is_file() and path.suffix != ".key"]
    assert [path for path in files for s in secrets if s.encode() in path.read_bytes()] == []


@pytest.mark.parametrize(
    "address",
    ["postgresql://localhost/x?sslmode=prefer", "postgresql://localhost/x?sslmode=disable", "::x"],
)
def test_an_address_that_allows_sessions_in_clear_is_refused(address: str):
    with pytest.raises(ServerRefused):
        Server.at(address)


def test_a_server_that_is_not_safe_is_refused_before_anything_is_made(
    postgres: OwnPostgres, home: Home, database: str
):
    rules = postgres.data / "pg_hba.conf"
    safe = rules.read_text()
    try:
        rules.write_text(safe.replace("host all all all reject", "host all all 10.0.0.0/8 md5"))
        with pytest.raises(ServerRefused, match="without TLS"):
            publish(home, database)
    finally:
        rules.write_text(safe)
    with postgres.connect() as admin:
        admin.execute("create role weak login password 'weak'")
    weak = database.replace("postgres@", "weak:weak@")
    with pytest.raises(ServerRefused, match="administrator"):
        publish(home, weak)
    with postgres.connect(dbname_of(database)) as admin:
        assert admin.execute("select to_regnamespace('access')").fetchone() == (None,)


def test_a_login_of_an_organisation_that_is_not_named_is_refused_and_recorded(
    postgres: OwnPostgres, home: Home, database: str
):
    from publishing import add_analyst

    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_analyst(connection, "analyst_x1", IN_FORCE, "0DE")
    outcome = publish(home, database)
    assert outcome.exit_code == 4
    assert list(outcome.logins_refused) == ["analyst_x1"]
    assert any("login analyst_x1" in (row["reason"] or "") for row in ledger_rows(home))
    with pytest.raises(psycopg.OperationalError):
        session(postgres, home, database, "analyst_x1")


def test_a_login_that_the_server_has_for_something_else_is_never_touched(
    postgres: OwnPostgres, home: Home, database: str
):
    from publishing import add_analyst

    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_analyst(connection, "postgres", IN_FORCE, "306")
    with pytest.raises(ServerRefused, match="no analyst's login"):
        publish(home, database)
    with postgres.connect() as admin:
        assert admin.execute("select rolsuper from pg_roles where rolname = 'postgres'").fetchone()[
            0
        ]


def test_publishing_again_changes_nothing_and_a_login_that_left_the_register_is_gone(
    postgres: OwnPostgres, home: Home, database: str
):
    publish(home, database)
    with session(postgres, home, database, PROCESSOR) as leaving:
        assert publish(home, database).exit_code == 0
        assert leaving.execute("select count(*) from linked_persons").fetchone()[0] == 200
        with zones.connect(home, pseudonymised=zones.WRITE) as connection:
            connection.execute(
                f"delete from pseudonymised.reference.analysts where login_name = '{PROCESSOR}'"
            )
        assert publish(home, database).sessions_ended == 1
        with pytest.raises(psycopg.OperationalError):
            leaving.execute("select 1")
    with postgres.connect(dbname_of(database)) as admin:
        schemas = admin.execute(
            "select count(*) from pg_namespace where nspname like 'd\\_%'"
        ).fetchone()[0]
    assert schemas == 2


def test_a_release_of_records_that_are_withheld_since_is_taken_off_the_server(
    postgres: OwnPostgres, home: Home, database: str
):
    publish(home, database)
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        connection.execute(
            "update pseudonymised.governance.entitlements set allowed = false "
            f"where agreement_reference = '{IN_FORCE}'"
        )
    outcome = publish(home, database)
    assert "allowed no more" in outcome.refused[IN_FORCE]
    with postgres.connect(dbname_of(database)) as admin:
        found = admin.execute("select to_regnamespace(%s)", [schema_of(home, IN_FORCE)]).fetchone()
    assert found == (None,)


def test_a_release_that_is_not_as_recorded_is_not_published(home: Home, database: str):
    (folder,) = (home.releases / IN_FORCE).iterdir()
    file: Path = folder / "marts.duckdb"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    outcome = publish(home, database)
    assert "asc verify" in outcome.refused[IN_FORCE]
    assert [p.agreement_reference for p in outcome.published] == [SECOND]
