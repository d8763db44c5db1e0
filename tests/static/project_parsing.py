"""Parse a dbt project without leaving anything in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from plugins.keys import KeyRing

PARSED = "partial_parse.msgpack"
DBT = Path(sys.executable).parent / "dbt"


def parse(project: Path, scratch: Path, like: Path | None = None) -> subprocess.CompletedProcess:
    """Parse the dbt project in `project`; everything that dbt writes goes below `scratch`.

    `like` is the scratch of the whole project: only what differs from it is then parsed.
    """
    home = scratch / "home"
    KeyRing(home / "keys").initialise()
    options = ["--profiles-dir", project / "profiles", "--target-path", scratch / "target"]
    options += ["--log-path", scratch / "logs"]
    options.append("--partial-parse" if like else "--no-partial-parse")
    if like:
        (scratch / "target").mkdir()
        shutil.copy(like / "target" / PARSED, scratch / "target")
    return subprocess.run(
        [DBT, "--no-use-colors", "parse", *options],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"ASC_HOME": str(home), "PYTHONPATH": str(project)},
    )
