"""The engine in an environment of its own, and the trial that runs it."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

REQUIRED = ("data-validation-engine==0.9.0", "duckdb==1.1.3")
# Where below the output its messages lie.
MESSAGES = "submission/errors"
_RUN = Path(__file__).parent / "engine_run.py"


def environment(work: Path) -> Path:
    """Python of the engine's environment below `work`, made where it is not there yet."""
    folder = work / "engine"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *REQUIRED], check=True, stdout=sys.stderr)
        (folder / "ready").touch()
    return python


def validate(python: str, contract: str, rows: str, output: str) -> dict:
    """Run the engine over a CSV; its messages stay in `output`."""
    shutil.rmtree(output, ignore_errors=True)
    Path(output).mkdir(parents=True)
    # Nothing of this project is on its path.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    start = time.perf_counter()
    with (Path(output) / "log.txt").open("w") as log:
        done = subprocess.run(
            [python, _RUN, contract, rows, output],
            cwd=output, env=own, stdout=subprocess.PIPE, stderr=log, text=True, check=True,
        )  # fmt: skip
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return {"seconds": seconds, "peak_mb": peak_mb} | json.loads(done.stdout.splitlines()[-1])
