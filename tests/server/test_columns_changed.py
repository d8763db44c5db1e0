"""A release whose tables have other columns takes the former one's place under readers' eyes."""

import os
import random
import subprocess
import sys
import threading
import time

import psycopg
import pytest
from own_postgres import OwnPostgres
from publishing import A, dbname_of, schema_of, session
from small_warehouse import IN_FORCE, change

from plugins.home import PROJECT_ROOT, Home
from release.run import release
from release.server.publish import publish
from release.verify import verify

MARTS = "pseudonymised.marts"
READERS = 8
PARTS = {
    "release": "select release_id from release_manifest",
    "persons": "select count(*) from linked_persons",
    "cells": "select count(*) from cohort_monthly",
    "notes": "select count(*) from release_notes",
}
USE = "select count(use_of_care) from linked_persons"
COLUMNS = (
    "select string_agg(table_name || '.' || column_name || ':' || data_type, ' ' "
    "order by table_name, ordinal_position) from information_schema.columns "
    "where table_schema = current_schema and table_name not in "
    "('column_dictionary', 'release_manifest')"
)
BEFORE = (
    "cohort_monthly.month:date cohort_monthly.area_code:text cohort_monthly.age_band:text "
    "cohort_monthly.sex:text cohort_monthly.cohort:text cohort_monthly.persons:integer "
    "cohort_monthly.persons_status:text cohort_monthly.starts:integer cohort_monthly.ends:integer "
    "linked_persons.person_pseudonym:text linked_persons.age_band:text linked_persons.sex:text "
    "linked_persons.ethnic_group:text linked_persons.area_code:text "
    "linked_persons.link_status:text linked_persons.use_of_care:text "
    "release_notes.note_type:text release_notes.subject:text release_notes.measure:text "
    "release_notes.value:text release_notes.note:text"
)
AFTER = (
    BEFORE.replace("cohort_monthly.persons:integer", "cohort_monthly.persons:bigint")
    .replace("cohort_monthly.month:date", "cohort_monthly.month:text")
    .replace(" linked_persons.use_of_care:text", "")
    .replace(
        "linked_persons.sex:text", "linked_persons.first_language:text linked_persons.sex:text"
    )
    .replace(" release_notes.note_type", " population_needs.year:integer release_notes.note_type")
)


def release_with_other_columns(home: Home) -> None:
    """One column gone, one new in the middle, one wider, one of another type; a table more."""
    change(
        home,
        f"create or replace table {MARTS}.linked_persons as "
        "select agreement_reference, person_pseudonym, age_band, 'English' as first_language, "
        f"* exclude (agreement_reference, person_pseudonym, age_band, use_of_care) "
        f"from {MARTS}.linked_persons qualify agreement_reference <> '{IN_FORCE}' or "
        "row_number() over (partition by agreement_reference order by person_pseudonym) > 10",
        f"create or replace table {MARTS}.cohort_monthly as select * replace "
        "(persons::bigint as persons, strftime(month, '%Y-%m') as month) "
        f"from {MARTS}.cohort_monthly where persons < 110",
        f"create table {MARTS}.population_needs as "
        f"select '{IN_FORCE}' as agreement_reference, 2017 as year",
        f"insert into {MARTS}.column_dictionary by name select table_name, column_name, data_type "
        "from duckdb_columns() where database_name = 'pseudonymised' and schema_name = 'marts' "
        "and column_name in ('first_language', 'year')",
    )
    assert release(home, IN_FORCE).released


def few_attempts(home: Home) -> None:
    change(
        home,
        "update pseudonymised.reference.server_policy set value = 3 "
        "where parameter = 'swap_attempts'",
    )


def whole(analyst: psycopg.Connection, order: random.Random | None = None) -> tuple:
    """What one transaction sees: a statement for each view, and the column that goes."""
    found = {}
    parts = PARTS | {"use": USE}
    with analyst.transaction():
        for name in (order or random.Random(0)).sample(sorted(parts), len(parts)):  # noqa: S311  an order
            try:
                with analyst.transaction():
                    found[name] = analyst.execute(parts[name], prepare=False).fetchone()[0]
            except psycopg.errors.UndefinedColumn:
                found[name] = "gone"
            time.sleep(0.002)
    return tuple(found[name] for name in parts)


def test_a_publication_with_other_columns_shows_them_and_nothing_of_the_former(
    postgres: OwnPostgres, home: Home, database: str
):
    publish(home, database)
    with session(postgres, home, database, A) as analyst:
        assert analyst.execute(COLUMNS).fetchone()[0] == BEFORE
        release_with_other_columns(home)
        assert publish(home, database, IN_FORCE).exit_code == 0
        assert analyst.execute(COLUMNS).fetchone()[0] == AFTER
        found = analyst.execute(
            "select distinct first_language, (select max(month) from cohort_monthly), "
            "(select year from population_needs) from linked_persons"
        ).fetchall()
        assert found == [("English", "2024-01", 2017)]
        # And back: the table that was new goes again.
        change(home, f"drop table {MARTS}.population_needs")
        release(home, IN_FORCE)
        publish(home, database, IN_FORCE)
        with pytest.raises(psycopg.errors.UndefinedTable):
            analyst.execute("select * from population_needs")
        assert whole(analyst)[1:4] == (190, 2, 2)
    with postgres.connect(dbname_of(database)) as admin:
        barriers = admin.execute(
            "select count(*) filter (where reloptions @> array['security_barrier=true']), count(*) "
            "from pg_class where relkind = 'v' and relnamespace = %s::regnamespace",
            [schema_of(home, IN_FORCE)],
        ).fetchone()
        private = admin.execute("select count(*) from pg_namespace where nspname like 'd\\_%'")
        assert barriers == (5, 5)
        assert private.fetchone() == (2,)
    assert verify(home).exit_code == 0


def test_a_transaction_that_began_before_sees_the_former_release_with_its_columns(
    postgres: OwnPostgres, home: Home, database: str
):
    few_attempts(home)
    publish(home, database, IN_FORCE)
    with session(postgres, home, database, A) as analyst:
        before = whole(analyst)
        with analyst.transaction():
            analyst.execute("select 1")  # a snapshot, and no lock on any view
            release_with_other_columns(home)
            assert publish(home, database, IN_FORCE).exit_code == 0
            assert whole(analyst) == before == (before[0], 200, 4, 2, before[4])
            assert before[4] > 0
        after = whole(analyst)
        assert (after[0] != before[0], after[1:]) == (True, (190, 2, 2, 0))
        assert publish(home, database, IN_FORCE).exit_code == 0
        assert whole(analyst)[1:] == (190, 2, 2, "gone")


def test_readers_see_one_whole_release_while_one_with_other_columns_is_published(
    postgres: OwnPostgres, home: Home, database: str
):
    publish(home, database, IN_FORCE)
    with session(postgres, home, database, A) as analyst:
        before = whole(analyst)
    seen, failures, stop = [set() for _ in range(READERS)], [], threading.Event()

    def read(number: int) -> None:
        order = random.Random(number)  # noqa: S311  an order
        try:
            with session(postgres, home, database, A) as analyst:
                while not stop.is_set():
                    seen[number].add(whole(analyst, order))
        except Exception as error:
            failures.append(f"reader {number}: {error}")

    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        release_with_other_columns(home)
        assert publish(home, database, IN_FORCE).exit_code == 0
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert failures == []
    with session(postgres, home, database, A) as analyst:
        after = whole(analyst)
    assert after[1:] == (190, 2, 2, "gone")
    assert all(seen)
    assert before in set().union(*seen)
    assert set().union(*seen) <= {before, after, (*after[:4], 0)}


@pytest.mark.parametrize(("step", "count"), [("_show", 3), ("settle", 2)])
def test_a_kill_in_the_middle_leaves_one_whole_release_and_the_next_run_ends_it(
    postgres: OwnPostgres, home: Home, database: str, step: str, count: int
):
    publish(home, database, IN_FORCE)
    with session(postgres, home, database, A) as analyst:
        before = whole(analyst)
    release_with_other_columns(home)
    script = (
        "import os, signal, sys\n"
        "from release.server import publish, swapping\n"
        "from plugins.home import Home\n"
        f"calls, real = [], swapping.{step}\n"
        "def dying(*given):\n"
        "    calls.append(1)\n"
        f"    if len(calls) == {count}: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(*given)\n"
        f"swapping.{step} = dying\n"
        "publish.publish(Home.at(sys.argv[1]), sys.argv[2], sys.argv[3])\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, str(home.root), database, IN_FORCE],
        cwd=PROJECT_ROOT,
        env=os.environ,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr.decode()[-2000:]
    with session(postgres, home, database, A) as analyst:
        found = whole(analyst)
        assert found == before if step != "settle" else found[1:] == (190, 2, 2, 0)
        assert publish(home, database, IN_FORCE).exit_code == 0
        assert analyst.execute(COLUMNS).fetchone()[0] == AFTER
        assert whole(analyst)[1:] == (190, 2, 2, "gone")
    assert verify(home).exit_code == 0
