"""The project as dbt parses it, once for all static tests."""

import json

import pytest
from project_parsing import parse

from plugins.home import PROJECT_ROOT


@pytest.fixture(scope="session")
def manifest(tmp_path_factory) -> dict:
    scratch = tmp_path_factory.mktemp("parse")
    result = parse(PROJECT_ROOT, scratch)
    assert result.returncode == 0, result.stdout
    return json.loads((scratch / "target" / "manifest.json").read_text())
