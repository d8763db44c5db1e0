"""Helpers of the pipeline's and the loaders' tests, for larger warehouses and more examples."""

import sys
from pathlib import Path

for folder in ("pipeline", "loaders"):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / folder))
