"""`python -m benchmarks.tokens`: pseudonymising against a bare loop of the same hashes."""

import argparse
import tempfile
from pathlib import Path

from benchmarks.measuring import measure, write_result
from benchmarks.tokens import step

STEP = "benchmarks.tokens.step"


def main() -> None:
    """Measure and keep the result; a person hashed twice is an error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tokens", description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000, help="persons (1000000)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each measure (3)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = str(step.prepare(Path(folder), arguments.persons))
        counted = step.count(root)
        if counted["again"]:
            raise RuntimeError(f"{counted['again']} hashes of a person hashed before in its domain")
        whole, loop = (
            measure(name, what, f"{STEP}:{trial}", arguments.runs, root=root)
            for name, what, trial in (
                ("pseudonymise", "distinct persons, hashes, joins, tables written", "build"),
                ("hash loop", "hashlib over the same distinct persons, nothing else", "loop"),
            )
        )
    if counted["hashes"] != loop.facts["hashes"]:
        raise RuntimeError("the loop does not hash what the step hashes")
    times = whole.ratio_to(loop)
    write_result(
        "tokens",
        vars(arguments),
        [whole, loop],
        [
            {"what": "times the bare loop over the same distinct persons", "value": round(times, 2),
             "target": "<= 2", "met": times <= 2},
            {"what": "hashes for each distinct person and domain",
             "value": counted["hashes"] / counted["distinct"], "target": "= 1", "met": True},
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
