"""Readers see one whole release, whatever happens; what is over or taken back is gone at once."""

import os
import random
import subprocess
import sys
import threading
import time
from datetime import date, timedelta

import psycopg
import pytest
from own_postgres import OwnPostgres
from publishing import SHORT, A, B, dbname_of, schema_of, session
from small_warehouse import IN_FORCE, SECOND, TODAY, change, ledger_rows

from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from release import ledger
from release.expire import expire
from release.run import release
from release.server import closing
from release.server.publish import publish
from release.verify import verify
from release.withdraw import withdraw

READERS = 20
WHOLE = """
select (select release_id from release_manifest), (select count(*) from linked_persons),
    (select sum(persons) from cohort_monthly), (select count(*) from column_dictionary)
"""
PARTS = {
    "release_id": "select release_id from release_manifest",
    "persons": "select count(*) from linked_persons",
    "cohorts": "select sum(persons) from cohort_monthly",
    "columns": "select count(*) from column_dictionary",
}


def release_otherwise(home: Home) -> None:
    """Release A again, with other rows in every product: 10 persons fewer, 3 cells 1 higher."""
    change(
        home,
        "delete from pseudonymised.marts.linked_persons where agreement_reference = 'DSA-001' "
        "and person_pseudonym in (select person_pseudonym from pseudonymised.marts.linked_persons "
        "where agreement_reference = 'DSA-001' order by 1 limit 10)",
        "update pseudonymised.marts.cohort_monthly set persons = persons + 1 "
        "where agreement_reference = 'DSA-001'",
    )
    assert release(home, IN_FORCE).released


def admin_asks(postgres: OwnPostgres, database: str, query: str, *values: object):
    with postgres.connect(dbname_of(database)) as admin:
        return admin.execute(query, values).fetchone()[0]


def test_twenty_readers_each_see_one_whole_release_while_others_are_published(
    postgres: OwnPostgres, home: Home, database: str
):
    publish(home, database, IN_FORCE)
    seen, failures, stop = [set() for _ in range(READERS)], [], threading.Event()

    def read(number: int) -> None:
        order = random.Random(number)  # noqa: S311  an order
        try:
            with session(postgres, home, database, A) as analyst:
                while not stop.is_set():
                    if number % 2:  # one statement over all views
                        seen[number].add(analyst.execute(WHOLE).fetchone())
                        continue
                    found = {}  # one transaction, a statement for each view, in any order
                    with analyst.transaction():
                        for name in order.sample(sorted(PARTS), len(PARTS)):
                            found[name] = analyst.execute(PARTS[name]).fetchone()[0]
                            time.sleep(0.002)
                    seen[number].add(tuple(found[name] for name in PARTS))
        except Exception as error:
            failures.append(f"reader {number}: {error}")

    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(2):
            release_otherwise(home)
            assert publish(home, database, IN_FORCE).exit_code == 0
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert failures == []
    wholes = {
        (f"{entry['release_id']}", 200 - 10 * place, 315 + 3 * place, seen_columns(seen))
        for place, entry in enumerate(
            entry
            for entry in ledger_rows(home)
            if entry["entry_type"] == "released" and entry["agreement_reference"] == IN_FORCE
        )
    }
    assert len(wholes) == 3
    assert set().union(*seen) <= wholes
    assert len(set().union(*seen)) > 1
    assert all(seen)


def seen_columns(seen: list[set]) -> int:
    """The dictionary is the same in all of these releases: one number, whatever it is."""
    (number,) = {row[3] for rows in seen for row in rows}
    return number


@pytest.mark.parametrize(
    ("where", "count"), [("_load_table", 2), ("_show", 2), ("_turn", 1), ("settle", 2)]
)
def test_a_publication_killed_in_the_middle_leaves_the_former_release_whole(
    postgres: OwnPostgres, home: Home, database: str, where: str, count: int
):
    publish(home, database, IN_FORCE)
    with session(postgres, home, database, A) as analyst:
        before = analyst.execute(WHOLE).fetchone()
    release_otherwise(home)
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal, sys\n"
            "from release.server import loading, publish, swapping\n"
            "from plugins.home import Home\n"
            "module = loading if hasattr(loading, 'WHERE') else swapping\n"
            "calls, whole = [], module.WHERE\n"
            "def dying(*given):\n"
            "    calls.append(1)\n"
            "    if len(calls) == COUNT: os.kill(os.getpid(), signal.SIGKILL)\n"
            "    return whole(*given)\n"
            "module.WHERE = dying\n"
            "publish.publish(Home.at(sys.argv[1]), sys.argv[2], sys.argv[3])\n".replace(
                "WHERE", where
            ).replace("COUNT", str(count)),
            str(home.root),
            database,
            IN_FORCE,
        ],
        cwd=PROJECT_ROOT,
        env=os.environ,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr.decode()[-2000:]
    turned = where == "settle"  # killed when the views show the new release already
    with session(postgres, home, database, A) as analyst:
        seen = analyst.execute(WHOLE).fetchone()
    assert seen[1:3] == ((before[1] - 10, before[2] + 3) if turned else before[1:3])
    assert (seen[0] == before[0]) == (not turned)
    assert publish(home, database, IN_FORCE).exit_code == 0
    with session(postgres, home, database, A) as analyst:
        after = analyst.execute(WHOLE).fetchone()
    assert (after[1], after[2]) == (before[1] - 10, before[2] + 3)
    left = admin_asks(
        postgres, database, "select count(*) from pg_namespace where nspname like 'd\\_%%'"
    )
    assert left == 1
    assert verify(home).exit_code == 0


def let_days_pass(postgres: OwnPostgres, database: str, group: str, logins: tuple[str, ...]):
    """As if the last day were yesterday: the server's clock cannot be moved, its dates can."""
    with postgres.connect(dbname_of(database)) as admin:
        yesterday = date.today() - timedelta(days=2)
        admin.execute(
            "update access.agreements set first_day = least(first_day, %s), last_day = %s "
            "where agreement = %s",
            [yesterday, yesterday, group],
        )
        admin.execute(
            "update access.logins set last_day = %s where agreement = %s", [yesterday, group]
        )
        for login in logins:
            admin.execute(f"alter role {login} valid until '{yesterday}'")


def test_after_the_last_day_an_open_session_sees_nothing_and_no_new_one_begins(
    postgres: OwnPostgres, home: Home, database: str, monkeypatch: pytest.MonkeyPatch
):
    publish(home, database)
    with (
        session(postgres, home, database, A) as analyst,
        session(postgres, home, database, B) as other,
    ):
        assert analyst.execute("select count(*) from linked_persons").fetchone()[0] == 200
        let_days_pass(postgres, database, schema_of(home, IN_FORCE), (A, SHORT))
        # Nobody has run anything yet: the views themselves look at the day.
        assert analyst.execute("select count(*) from linked_persons").fetchone()[0] == 0
        analyst.execute("set timezone = 'Etc/GMT+12'")
        assert analyst.execute("select count(*) from linked_persons").fetchone()[0] == 0
        with pytest.raises(psycopg.OperationalError):
            session(postgres, home, database, A)
        assert other.execute("select count(*) from linked_persons").fetchone()[0] == 200
        (closed,) = closing.close(home)
        assert (closed.agreements, closed.problem) == ([IN_FORCE], None)
        assert closed.sessions_ended == 1
        with pytest.raises(psycopg.OperationalError):
            analyst.execute("select 1")
        assert other.execute("select count(*) from linked_persons").fetchone()[0] == 200
    for name in (schema_of(home, IN_FORCE), A):
        assert (
            admin_asks(
                postgres,
                database,
                "select (select count(*) from pg_namespace where nspname = %s) "
                "+ (select count(*) from pg_roles where rolname = %s)",
                name,
                name,
            )
            == 0
        )


def test_an_agreement_that_ended_loses_files_schema_and_sessions_and_keeps_the_ledger(
    postgres: OwnPostgres, home: Home, database: str
):
    publish(home, database)
    analyst = session(postgres, home, database, A)
    over = TODAY + timedelta(days=101)
    (expired,) = [found for found in expire(home, over) if found.agreement_reference == IN_FORCE]
    assert expired.reason == f"the agreement ended on {TODAY + timedelta(days=100)}"
    (closed,) = closing.close(home, [IN_FORCE])
    assert (closed.agreements, closed.sessions_ended) == ([IN_FORCE], 1)
    with pytest.raises(psycopg.OperationalError):
        analyst.execute("select 1")
    assert list((home.releases / IN_FORCE).iterdir()) == []
    kinds = [e["entry_type"] for e in ledger_rows(home) if e["agreement_reference"] == IN_FORCE]
    assert kinds == ["released", "published", "expired"]
    assert verify(home).exit_code == 0
    assert closing.close(home, [IN_FORCE]) == [closing.Closing(closed.server, [], 0, None)]


def test_a_withdrawal_takes_file_and_schema_and_open_sessions_and_keeps_the_ledger(
    postgres: OwnPostgres, home: Home, database: str
):
    publish(home, database)
    assert verify(home).exit_code == 0
    with session(postgres, home, database, A) as analyst:
        analyst.execute("begin")
        analyst.execute("select count(*) from linked_persons")
        withdrawal = withdraw(home, IN_FORCE, "the council objects")
        (closed,) = closing.close(home, [IN_FORCE])
        assert closed.sessions_ended == 1
        with pytest.raises(psycopg.OperationalError):
            analyst.execute("select count(*) from linked_persons")
    assert len(withdrawal.removed) == 1
    with pytest.raises(psycopg.OperationalError):
        session(postgres, home, database, A)
    found = "select to_regnamespace(%s) is null"
    assert admin_asks(postgres, database, found, schema_of(home, IN_FORCE))
    assert not admin_asks(postgres, database, found, schema_of(home, SECOND))
    kinds = [e["entry_type"] for e in ledger_rows(home) if e["agreement_reference"] == IN_FORCE]
    assert kinds == ["released", "published", "withdrawn"]
    assert verify(home).exit_code == 0
    outcome = publish(home, database)
    assert outcome.refused[IN_FORCE].startswith("withdrawn")


def test_a_server_out_of_reach_is_told_and_closed_by_the_next_run(
    postgres: OwnPostgres, home: Home, database: str, monkeypatch: pytest.MonkeyPatch
):
    publish(home, database)
    withdraw(home, IN_FORCE, "the council objects")
    monkeypatch.setenv("PGPASSWORD", "wrong")
    (failed,) = closing.close(home, [IN_FORCE])
    assert failed.problem.endswith("cannot be reached.")
    assert failed.agreements == []
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    (closed,) = closing.close(home, [IN_FORCE])
    assert (closed.agreements, closed.problem) == ([IN_FORCE], None)


def test_a_renewal_keeps_schema_names_tokens_and_sessions(
    postgres: OwnPostgres, home: Home, database: str
):
    publish(home, database)
    with session(postgres, home, database, A) as analyst:
        change(
            home,
            "insert into pseudonymised.reference.agreements by name select * replace "
            "(2 as version, end_date + 365 as end_date) from pseudonymised.reference.agreements "
            f"where agreement_reference = '{IN_FORCE}'",
        )
        release(home, IN_FORCE)
        (made,) = publish(home, database, IN_FORCE).published
        assert made.schema_name == schema_of(home, IN_FORCE)
        assert analyst.execute("select count(*) from linked_persons").fetchone()[0] == 200
    until = "select last_day from access.logins where login = %s"
    assert admin_asks(postgres, database, until, A) == TODAY + timedelta(days=465)


def test_two_publications_at_once_do_not_mix(home: Home, postgres: OwnPostgres, database: str):
    publish(home, database)
    with postgres.connect(dbname_of(database)) as other, other.transaction():
        other.execute("lock table access.publishing in exclusive mode")
        with pytest.raises(Exception, match="Another publication is running"):
            publish(home, database)
    assert publish(home, database).exit_code == 0
    with zones.connect(home, pseudonymised=zones.READ) as connection:
        assert ledger.chain_faults(ledger.entries(connection)) == []
