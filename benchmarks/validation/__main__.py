"""`python -m benchmarks.validation`: the collection's validation beside NHS England's engine.

Rows of a generated country, faults planted, go to both: as one CSV to the Data Validation Engine,
with a contract and rules written from the project's own seeds, and in landing tables to the
project's models. Printed are both times, both peaks of memory, and rule by rule what both found.

Which rules are compared, and which cannot be and why, is said in `benchmarks.validation.contract`.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.measuring import measure, write_result
from benchmarks.validation import compare, contract, engine, product, rows

_FASTER, _SHARE_OF_MEMORY = 8.0, 1 / 3


def parsed() -> argparse.Namespace:
    """The sizes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="event rows (1000000)")
    parser.add_argument("--runs", type=int, default=3, help="runs of the project's models (3)")
    parser.add_argument("--engine-runs", type=int, default=1, help="runs of the engine (1)")
    parser.add_argument("--memory", default="1GB", help="limit of the project's database (1GB)")
    parser.add_argument("--work", type=Path, help="folder that keeps rows and environment")
    return parser.parse_args()


def _ratio(what: str, value: float, target: str = "", met: bool = False) -> dict:
    line = {"what": what, "value": round(value, 3)}
    return line | ({"target": target, "met": met} if target else {})


def main() -> None:
    """Measure both, compare what they found, keep the result."""
    arguments = parsed()
    with tempfile.TemporaryDirectory() as temporary:
        work = (arguments.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        sent = rows.generate_rows(work, arguments.rows)
        warehouse = product.prepare(work, sent, arguments.rows)
        output = work / f"messages_{arguments.rows}"
        peer = measure(
            "engine", "Data Validation Engine 0.9.0 on DuckDB 1.1.3: CSV, contract, rules",
            "benchmarks.validation.engine:validate", arguments.engine_runs,
            python=str(engine.environment(work)), rows=str(sent / "rows.csv"),
            contract=str(contract.write(work / "contract")), output=str(output),
        )  # fmt: skip
        own = measure(
            "validate", "dbt run from landing tables to outcomes and findings, all rules",
            "benchmarks.validation.product:build", arguments.runs,
            folder=str(warehouse), memory=arguments.memory,
        )  # fmt: skip
        found = compare.agreements(warehouse, output / engine.MESSAGES)
    _print(found)
    own.facts["model_seconds"] = dict(list(own.facts["model_seconds"].items())[:12])
    peer.facts["found"] = found
    faster, memory = peer.median / own.median, own.peak_mb / peer.peak_mb
    reading = peer.facts["stages"]["file transformation"]
    differ = sum(one["differ"] for one in found)
    write_result(
        "validation",
        {name: value for name, value in vars(arguments).items() if name != "work"},
        [peer, own],
        [
            _ratio("times as fast as the Data Validation Engine, all rules", faster,
                   f">= {_FASTER:g}", faster >= _FASTER),
            _ratio("of the engine's peak memory", memory, "<= 0.333", memory <= _SHARE_OF_MEMORY),
            _ratio("times as fast as the engine without its reading of the CSV",
                   (peer.median - reading) / own.median),
            _ratio("rules compared", len(found)),
            _ratio("rows on which one of them alone breaks a rule, unexplained", differ, "= 0",
                   differ == 0),
        ],
    )  # fmt: skip


def _print(found: list[dict]) -> None:
    print(f"{'rule':44} {'engine':>9} {'project':>9} {'both':>9} {'excused':>9} {'differ':>9}")
    for one in found:
        numbers = (one[name] for name in ("engine", "project", "both", "excused", "differ"))
        print(f"{one['code']:44} " + " ".join(f"{number:9}" for number in numbers))


if __name__ == "__main__":
    main()
