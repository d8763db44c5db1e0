"""A released warehouse is made once; every test runs `asc` in process on its own copy."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugins.home import Home

# The small warehouse is shared with the release tests, which stand beside these.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "release"))

Asc = Callable[..., Result]


@pytest.fixture(scope="session")
def released_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from small_warehouse import make_warehouse

    from release.run import release

    root = tmp_path_factory.mktemp("cli") / "home"
    release(make_warehouse(root))
    return root


@pytest.fixture
def home(released_template: Path, tmp_path: Path) -> Home:
    root = tmp_path / "home"
    shutil.copytree(released_template, root)
    return Home.at(root)


@pytest.fixture(scope="session")
def read_only_home(released_template: Path) -> Home:
    """The template itself, for tests that only read."""
    return Home.at(released_template)


@pytest.fixture
def asc(monkeypatch: pytest.MonkeyPatch) -> Asc:
    """Run `asc` on a warehouse: `asc(home, "verify", "--json")`."""
    from cli.main import main

    def run(home: Home, *arguments: str) -> Result:
        monkeypatch.setenv("ASC_HOME", str(home.root))
        monkeypatch.delenv("ASC_KEYS", raising=False)
        return CliRunner().invoke(main, arguments)

    return run
