"""The project as dbt parses it, once for all static tests."""

import json
from pathlib import Path

import pytest
from project_parsing import parse

from plugins.home import PROJECT_ROOT


@pytest.fixture(scope="session")
def parsed(tmp_path_factory) -> Path:
    """The folder that holds what dbt made of the whole project."""
    scratch = tmp_path_factory.mktemp("parse")
    result = parse(PROJECT_ROOT, scratch)
    assert result.returncode == 0, result.stdout
    return scratch


@pytest.fixture(scope="session")
def manifest(parsed: Path) -> dict:
    return json.loads((parsed / "target" / "manifest.json").read_text())
