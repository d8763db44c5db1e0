"""A template warehouse is made once; every test works on its own copy."""

import shutil
from pathlib import Path

import pytest
from small_warehouse import make_warehouse

from plugins.home import Home


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template") / "home"
    make_warehouse(root)
    return root


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Home:
    root = tmp_path / "home"
    shutil.copytree(template, root)
    return Home.at(root)
