"""`python -m benchmarks`: all areas against their peers, then the page of all results."""

import subprocess
import sys
import tempfile

from benchmarks import page
from plugins.home import PROJECT_ROOT


def main() -> None:
    """Run all areas at their own sizes; a failing one stops the run."""
    with tempfile.TemporaryDirectory() as folder:
        areas = (
            ["benchmarks.collect"],
            ["benchmarks.validation"],
            ["benchmarks.tokens"],
            ["benchmarks.disclosure"],
            ["benchmarks.site"],
            ["benchmarks.trace.run", f"{folder}/trace"],
            ["benchmarks.national", f"{folder}/national/run"],
        )
        for area in areas:
            subprocess.run([sys.executable, "-m", *area], cwd=PROJECT_ROOT, check=True)
    page.main()


if __name__ == "__main__":
    main()
