"""The project as dbt parses it, once for all static tests."""

import json
from pathlib import Path

import pytest
from project_coverage import coverage
from project_parsing import parse

from plugins.home import PROJECT_ROOT

COVERAGE = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def parsed(tmp_path_factory) -> Path:
    """The folder that holds what dbt made of the whole project."""
    scratch = tmp_path_factory.mktemp("parse")
    result = parse(PROJECT_ROOT, scratch)
    assert result.returncode == 0, result.stdout
    return scratch


@pytest.fixture(scope="session")
def manifest(parsed: Path, request: pytest.FixtureRequest) -> dict:
    content = json.loads((parsed / "target" / "manifest.json").read_text())
    request.config.stash[COVERAGE] = coverage(content)
    return content


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Say how far models are covered by tests and documentation."""
    for line in config.stash.get(COVERAGE, []):
        terminalreporter.write_line(line)
