"""Helpers of the pipeline's, loaders' and reports' tests, and the benchmarks', for larger ones."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
for folder in (TESTS / "pipeline", TESTS / "loaders", TESTS / "reports"):
    sys.path.insert(0, str(folder))
# The benchmarks stand beside the installed packages, not among them.
sys.path.insert(0, str(TESTS.parent))
