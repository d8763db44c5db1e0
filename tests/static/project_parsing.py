"""Parse a dbt project without leaving anything in it."""

import os
import subprocess
import sys
from pathlib import Path

from plugins.keys import KeyRing

DBT = Path(sys.executable).parent / "dbt"


def parse(project: Path, scratch: Path) -> subprocess.CompletedProcess:
    """Parse the dbt project in `project`; everything that dbt writes goes below `scratch`."""
    home = scratch / "home"
    KeyRing(home / "keys").initialise()
    options = ["--profiles-dir", project / "profiles", "--target-path", scratch / "target"]
    options += ["--log-path", scratch / "logs", "--no-partial-parse"]
    return subprocess.run(
        [DBT, "--no-use-colors", "parse", *options],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"ASC_HOME": str(home), "PYTHONPATH": str(project)},
    )
