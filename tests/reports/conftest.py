"""What dbt documented in this checkout is no part of what the tests look at."""

import sys
from pathlib import Path

import pytest

from plugins.home import PROJECT_ROOT
from reports import site

# The browser that pages are shown in is the benchmarks'.
sys.path.insert(0, str(PROJECT_ROOT))


@pytest.fixture(autouse=True, scope="session")
def documentation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site looks for the documentation of the models: nothing is there."""
    site.DOCUMENTATION = tmp_path_factory.mktemp("documentation") / "static_index.html"
    return site.DOCUMENTATION
