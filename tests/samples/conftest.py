"""One small sample for all tests of the generator."""

from pathlib import Path

import pytest
from samples_reading import MONTHS, PERSONS, SEED

from samples.generate import write_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """Folder of a sample of 400 persons and two months, and its counts."""
    out = tmp_path_factory.mktemp("sample")
    return out, write_sample(out, PERSONS, MONTHS, SEED)
