"""`python -m benchmarks.collect`: landing and validation against their peers.

Landing: one workbook of ROWS rows and all fields of the specification, into the encrypted zone.
Validation: `dbt build` of the collection models over a landed sample.
"""

import argparse
import importlib.util
import tempfile
from pathlib import Path

from benchmarks.collect import inputs
from benchmarks.measuring import Measure, measure, write_result

LANDING = "benchmarks.collect.landing"
VALIDATION = "benchmarks.collect.validation"


def parsed() -> argparse.Namespace:
    """The sizes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.collect", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each measure (3)")
    parser.add_argument("--rows", type=int, default=50_000, help="rows of the workbook (50000)")
    parser.add_argument("--workbooks", type=int, default=20, help="workbooks of an inbox (20)")
    parser.add_argument("--persons", type=int, default=32_000, help="clients of the sample (32000)")
    parser.add_argument("--months", type=int, default=22, help="submissions of each council (22)")
    parser.add_argument("--work", type=Path, help="folder that keeps the sample between runs")
    parser.add_argument("--only", choices=["landing", "inbox", "validation"])
    return parser.parse_args()


def ratio(what: str, value: float, target: str = "", met: bool = False) -> dict:
    """One line of the result."""
    line = {"what": what, "value": round(value, 2)}
    return line | ({"target": target, "met": met} if target else {})


def landing(work: Path, rows: int, runs: int) -> tuple[list[Measure], list[dict]]:
    """Measure the landing of one workbook and its peers."""
    workbook = inputs.workbook(work, rows)
    peers = [
        ("calamine", "bare read by python-calamine into Python lists"),
        ("pandas", "pandas.read_excel(engine=openpyxl) and insert into a plain DuckDB file"),
    ]
    if importlib.util.find_spec("fastexcel"):
        peers.append(("fastexcel", "bare read by fastexcel into Arrow, all columns text"))
    land = measure(
        "land", "land_inbox, after one tiny workbook", f"{LANDING}:land", runs, workbook=workbook
    )
    found = {
        name: measure(name, what, f"{LANDING}:{name}", runs, workbook=workbook)
        for name, what in peers
    }
    faster = found["pandas"].median / land.median
    ratios = [ratio("times as fast as pandas + openpyxl + insert", faster, ">= 12", faster >= 12)]
    for name in found.keys() - {"pandas"}:
        times = land.ratio_to(found[name])
        ratios.append(ratio(f"times the bare read by {name}", times, "<= 1.5", times <= 1.5))
    return [land, *found.values()], ratios


def inbox(work: Path, rows: int, copies: int, runs: int) -> tuple[list[Measure], list[dict]]:
    """Measure the landing of several workbooks on one core and on two."""
    size = {"workbook": inputs.workbook(work, rows), "copies": copies}
    one, two = (
        measure(
            f"inbox, {cores} core{'s' * (cores > 1)}",
            f"land_inbox of {copies} such workbooks, processes and their starting included",
            f"{LANDING}:land_many",
            runs,
            cores=cores,
            **size,
        )
        for cores in (1, 2)
    )
    faster = one.median / two.median
    return [one, two], [
        ratio(
            "times as fast on two cores as our own single process", faster, ">= 1.7", faster >= 1.7
        ),
        ratio(f"rows a second of {copies} workbooks on two cores", two.facts["rows"] / two.median),
    ]


def validation(work: Path, persons: int, months: int, runs: int) -> tuple[list[Measure], list]:
    """Measure the collection models over a landed sample and their peers."""
    home = str(inputs.landed_sample(work, persons, months))
    build = measure(
        "validate", "dbt build of the collection models", f"{VALIDATION}:build", runs, home=home
    )
    scan = measure(
        "scan", "one pass, each cell cast to its type", f"{VALIDATION}:scan", runs, home=home
    )
    pandas = measure(
        "pandas subset", VALIDATION_SUBSET, f"{VALIDATION}:pandas_subset", runs, home=home
    )
    rows = build.facts["rows"]
    models = build.facts["model_seconds"]
    print("\n".join(f"    {seconds:8.2f} s  {name}" for name, seconds in models.items()))
    return [build, scan, pandas], [
        ratio(f"rows a second, {rows} rows, all rules", rows / build.median),
        ratio("times the one-pass typed cast of the same table", build.ratio_to(scan)),
        ratio("times the subset of the checks in pandas", build.ratio_to(pandas)),
    ]


VALIDATION_SUBSET = (
    "pandas, submission by submission: code lists, dates, costs, NHS check digits, blanks, "
    "three rules across dates; no repairs, conditions, counts or findings written"
)


def main() -> None:
    """Run what is asked for and keep the result."""
    arguments = parsed()
    with tempfile.TemporaryDirectory() as temporary:
        work = arguments.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        measures, ratios = [], []
        rows, runs = arguments.rows, arguments.runs
        parts = {
            "landing": lambda: landing(work, rows, runs),
            "inbox": lambda: inbox(work, rows, arguments.workbooks, runs),
            "validation": lambda: validation(work, arguments.persons, arguments.months, runs),
        }
        for name, part in parts.items():
            if arguments.only in (None, name):
                found = part()
                measures, ratios = measures + found[0], ratios + found[1]
        sizes = {name: value for name, value in vars(arguments).items() if name != "work"}
        write_result("collect", sizes, measures, ratios)


if __name__ == "__main__":
    main()
