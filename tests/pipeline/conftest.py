"""One built warehouse for all tests of the pipeline."""

import os
from pathlib import Path

import pytest
from built_warehouse import Warehouse, build


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory) -> Warehouse:
    # ASC_TEST_WAREHOUSE names one that is built already, for work on the tests themselves.
    built = os.environ.get("ASC_TEST_WAREHOUSE")
    return Warehouse(Path(built)) if built else build(tmp_path_factory.mktemp("warehouse"))
