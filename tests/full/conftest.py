"""Helpers of the pipeline's and the loaders' tests, and the benchmarks, for larger samples."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
for folder in (TESTS / "pipeline", TESTS / "loaders"):
    sys.path.insert(0, str(folder))
# The benchmarks stand beside the installed packages, not among them.
sys.path.insert(0, str(TESTS.parent))
