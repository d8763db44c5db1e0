"""One built warehouse for all tests of the pipeline."""

import os
from pathlib import Path

import pytest
from built_warehouse import Warehouse, build

from plugins.home import Home
from reports import site
from reports.write import write_reports


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory) -> Warehouse:
    # ASC_TEST_WAREHOUSE names one that is built already, for work on the tests themselves.
    built = os.environ.get("ASC_TEST_WAREHOUSE")
    return Warehouse(Path(built)) if built else build(tmp_path_factory.mktemp("warehouse"))


@pytest.fixture(scope="session")
def reported(warehouse, tmp_path_factory) -> Home:
    """A copy of the warehouse's files, with reports, and without what this checkout documented."""
    home = Home.at(warehouse.copy(tmp_path_factory.mktemp("reported") / "home").root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "DOCUMENTATION", home.root / "none.html")
        write_reports(home)
    return home
