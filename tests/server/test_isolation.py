"""What an analyst may see of an agreement that stands beside its own, and what nobody may do."""

from datetime import timedelta

import psycopg
import pytest
from own_postgres import OwnPostgres
from publishing import SHORT, A, B, Standing, dbname_of, session
from small_warehouse import IN_FORCE, SECOND, TODAY

from plugins.keys import KeyRing

WRITES = [
    "create table mine (a integer)",
    "create temporary table mine (a integer)",
    "create schema mine",
    "create view mine as select 1",
    "create function mine() returns integer language sql as 'select 1'",
    "create extension pg_trgm",
    "insert into cohort_monthly select * from cohort_monthly",
    "update cohort_monthly set persons = 0",
    "delete from cohort_monthly",
    "truncate {private}.cohort_monthly",
    "drop view cohort_monthly",
    "comment on view cohort_monthly is 'mine'",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "select pg_logical_emit_message(false, 'x', 'x')",
    "do 'begin perform 1; end'",
    "create publication p for all tables",
]
FILES = [
    "select pg_read_file('postgresql.conf')",
    "select pg_read_binary_file('global/pg_control')",
    "select * from pg_ls_dir('.')",
    "select * from pg_stat_file('postgresql.conf')",
    "copy cohort_monthly to '/tmp/out.csv'",
    "copy cohort_monthly from '/etc/passwd'",
    "copy (select 1) to program 'id'",
    "select lo_import('/etc/passwd')",
    "select * from pg_hba_file_rules",
    "select pg_current_logfile()",
    "load 'pg_trgm'",
]
ESCALATIONS = [
    "alter role {me} superuser",
    "alter role {me} createrole",
    "alter role {me} bypassrls",
    "alter role {me} valid until 'infinity'",
    "alter role {me} connection limit -1",
    "create role other superuser",
    "grant {other_group} to {me}",
    "set role {other_group}",
    "set role postgres",
    "set session authorization postgres",
    "alter role {other} password 'x'",
    "grant pg_read_all_data to {me}",
    "alter system set ssl = off",
    "alter role {me} set log_statement = 'none'",
    "set log_statement = 'none'",
    "set session_preload_libraries = 'x'",
    "alter view cohort_monthly owner to {me}",
    "alter view cohort_monthly set (security_barrier = false)",
    "alter schema {group} owner to {me}",
    "select access.in_force('{group}')",
    "update access.agreements set last_day = 'infinity'",
    "select pg_reload_conf()",
    "select pg_terminate_backend(pid) from pg_stat_get_activity(null)",
]
OTHERS = [
    "select * from {other_group}.linked_persons",
    "select count(*) from {other_group}.cohort_monthly",
    "select * from {other_group}.release_manifest",
    "select * from {private}.linked_persons",
    "select * from access.agreements",
    "select * from access.logins",
    "select pg_relation_size('{other_group}.linked_persons'::regclass)",
    "select pg_total_relation_size({private_oid}::regclass)",
    "select pg_stat_get_live_tuples({private_oid})",
    "select n_live_tup from pg_stat_all_tables",
    "select * from pg_stat_activity",
    "select * from pg_locks",
    "select rolpassword from pg_authid",
    "select * from pg_statistic",
    "select pg_relation_filepath({private_oid}::regclass)",
    "select pg_database_size(current_database())",
    "select * from pg_auth_members",
    "select * from pg_db_role_setting",
    "select pg_get_viewdef('{other_group}.linked_persons'::regclass)",
]


def test_an_analyst_can_neither_write_nor_read_files_nor_escalate_nor_read_others(
    postgres: OwnPostgres, standing: Standing
):
    allowed = []
    with session(postgres, standing.home, standing.database, A) as analyst:
        # What is only a setting of the session is no protection: it is taken off first.
        analyst.execute("set default_transaction_read_only = off")
        analyst.execute("set statement_timeout = 0")
        for statement in (*WRITES, *FILES, *ESCALATIONS, *OTHERS):
            text = statement.format(**standing.names)
            try:
                analyst.execute(text)
                allowed.append(text)
            except psycopg.Error as error:
                # Insufficient privilege, or a view that nobody could write to.
                assert error.sqlstate in ("42501", "55000"), (text, error)
        assert analyst.execute("select count(*) from linked_persons").fetchone()[0] == 200
    assert allowed == []


def test_sessions_begin_read_only_and_limited(postgres: OwnPostgres, standing: Standing):
    expected = {
        "default_transaction_read_only": "on",
        "default_transaction_isolation": "repeatable read",
        "statement_timeout": "20s",
        "idle_in_transaction_session_timeout": "30s",
        "temp_file_limit": "64MB",
        "search_path": standing.names["group"],
    }
    with session(postgres, standing.home, standing.database, A) as analyst:
        shown = {name: analyst.execute(f"show {name}").fetchone()[0] for name in expected}
        assert shown == expected
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            analyst.execute("create table t (a integer)")


def test_the_catalogue_shows_opaque_names_and_shapes_and_no_more(
    postgres: OwnPostgres, standing: Standing
):
    with session(postgres, standing.home, standing.database, A) as analyst:
        tables = analyst.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert {schema for schema, _ in tables} == {standing.names["group"]}
        # Of others it shows names and columns of views; neither rows, nor how many, nor whose.
        statistics = analyst.execute(
            "select reltuples from pg_class where oid = %s", [standing.names["private_oid"]]
        ).fetchone()
        assert statistics == (-1,)
        stats = analyst.execute("select count(*) from pg_stats where schemaname like 'd\\_%'")
        assert stats.fetchone() == (0,)
        everything = ""
        for catalogue in ("pg_namespace", "pg_roles", "pg_class", "pg_description", "pg_views"):
            everything += str(analyst.execute(f"select * from {catalogue}").fetchall())
        assert standing.names["other_group"] in everything
        for secret in (IN_FORCE, SECOND, "Manchester", "DSA", "X2C4Y", "support unit"):
            assert secret not in everything
        assert analyst.execute(
            "select rolpassword from pg_roles where rolname = %s", [B]
        ).fetchone() == ("********",)


def test_a_session_in_clear_or_with_a_wrong_password_is_refused(
    postgres: OwnPostgres, standing: Standing
):
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(
            host="127.0.0.1",
            port=postgres.port,
            dbname=dbname_of(standing.database),
            user=A,
            password=KeyRing(standing.home.keys).analyst_password(A),
            sslmode="disable",
        )
    with pytest.raises(psycopg.OperationalError):
        postgres.connect(dbname_of(standing.database), A, "wrong")
    with pytest.raises(psycopg.OperationalError):
        postgres.connect(
            "postgres", standing.names["group"], KeyRing(standing.home.keys).analyst_password(A)
        )


def test_logins_are_valid_to_the_end_of_their_last_day_in_london(
    postgres: OwnPostgres, standing: Standing
):
    until = "select rolvaliduntil at time zone 'Europe/London' from pg_roles where rolname = %s"
    with postgres.connect(dbname_of(standing.database)) as admin:
        ends = {
            login: admin.execute(until, [login]).fetchone()[0].isoformat() for login in (A, SHORT)
        }
    assert ends[A] == f"{TODAY + timedelta(days=101)}T00:00:00"
    assert ends[SHORT] == f"{TODAY + timedelta(days=3)}T00:00:00"
