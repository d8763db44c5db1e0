"""Fixtures of the loaders' tests: an empty warehouse with keys, and its tables' checksums."""

from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.home import Home
from plugins.keys import KeyRing
from plugins.zones import connect


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A warehouse of its own, with keys and an empty inbox."""
    home = Home.at(tmp_path / "home")
    home.inbox.mkdir(parents=True)
    KeyRing(home.keys).initialise()
    return home


@pytest.fixture
def query(home: Home) -> Callable[[str], list[tuple]]:
    """Run one query on the identifiable zone, read-only, and return its rows."""

    def run(sql: str) -> list[tuple]:
        with connect(home, identifiable="read") as connection:
            return connection.execute(sql).fetchall()

    return run
