"""What dbt documented in this checkout is no part of what the tests look at."""

from pathlib import Path

import pytest

from reports import site


@pytest.fixture(autouse=True, scope="session")
def documentation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site looks for the documentation of the models: nothing is there."""
    site.DOCUMENTATION = tmp_path_factory.mktemp("documentation") / "static_index.html"
    return site.DOCUMENTATION
