"""A PostgreSQL server of the tests' own, over TLS, and a released warehouse to publish from.

Where no PostgreSQL can be had the tests of this folder are skipped, and say so.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plugins.home import Home

# The small warehouse is shared with the release tests, which stand beside these.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "release"))

from own_postgres import OwnPostgres, programs

if TYPE_CHECKING:
    from publishing import Standing


@pytest.fixture(scope="session")
def postgres() -> Iterator[OwnPostgres]:
    """A cluster started for this session and ended with it."""
    if programs() is None:
        pytest.skip("NOT TESTED: there is no PostgreSQL 15 here (initdb, postgres)")
    server = OwnPostgres()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def published_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small warehouse with analysts in its register and two releases."""
    from publishing import make_published_warehouse

    root = tmp_path_factory.mktemp("server") / "home"
    make_published_warehouse(root)
    return root


@pytest.fixture
def home(published_template: Path, tmp_path: Path) -> Home:
    root = tmp_path / "home"
    shutil.copytree(published_template, root)
    return Home.at(root)


@pytest.fixture
def database(postgres: OwnPostgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of the test's own: the address to publish to, its password in the environment."""
    name = postgres.make_database()
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    yield postgres.address(name)
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def standing(
    postgres: OwnPostgres, published_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Standing"]:
    """A warehouse whose releases stand on the server, for tests that change neither."""
    from publishing import A, B, Standing, schema_of
    from small_warehouse import IN_FORCE, SECOND

    from release.server.publish import publish

    root = tmp_path_factory.mktemp("standing") / "home"
    shutil.copytree(published_template, root)
    home, name = Home.at(root), postgres.make_database()
    database = postgres.address(name)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PGPASSWORD", postgres.password)
        publish(home, database)
    with postgres.connect(name) as admin:
        private, oid = admin.execute(
            "select n.nspname, c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "join access.agreements a on a.private_schema = n.nspname "
            "where a.agreement = %s and c.relname = 'linked_persons'",
            [schema_of(home, SECOND)],
        ).fetchone()
    names = {"me": A, "other": B, "private": private, "private_oid": oid}
    names |= {"group": schema_of(home, IN_FORCE), "other_group": schema_of(home, SECOND)}
    yield Standing(home, database, names)
    postgres.drop_database(name)
