"""The project as dbt parses it, once for all static tests."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.home import PROJECT_ROOT
from plugins.keys import KeyRing

DBT = Path(sys.executable).parent / "dbt"


def parse(project: Path, scratch: Path) -> subprocess.CompletedProcess:
    """Parse the dbt project in `project`; everything that dbt writes goes below `scratch`."""
    home = scratch / "home"
    KeyRing(home / "keys").initialise()
    return subprocess.run(
        [
            DBT,
            "--no-use-colors",
            "parse",
            "--profiles-dir",
            project / "profiles",
            "--target-path",
            scratch / "target",
            "--log-path",
            scratch / "logs",
            "--no-partial-parse",
        ],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"ASC_HOME": str(home), "PYTHONPATH": str(project)},
    )


@pytest.fixture(scope="session")
def manifest(tmp_path_factory) -> dict:
    scratch = tmp_path_factory.mktemp("parse")
    result = parse(PROJECT_ROOT, scratch)
    assert result.returncode == 0, result.stdout
    return json.loads((scratch / "target" / "manifest.json").read_text())
