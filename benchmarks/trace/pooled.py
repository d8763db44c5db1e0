"""The trace on several hard populations, pooled: `python -m benchmarks.trace.pooled --help`.

Each population is traced as the council sends it and once more without names; planted twins are
counted apart. What is pooled are counts, so that a rare false link weighs as often as it occurs.
"""

import statistics
import time
from dataclasses import asdict
from pathlib import Path

import click
import duckdb

from benchmarks.measuring import Measure, write_result
from benchmarks.trace import evaluate, step_rules, warehouse
from benchmarks.trace.population import Settings
from plugins import zones
from plugins.home import Home

_TRACED = "select * from identifiable.intermediate.int_persons_traced"
_MODELS = (
    "path:models/staging/person_index",
    "path:models/staging/tracing",
    "path:models/intermediate/identifiable/tracing",
)
# Asked of recall and precision, with names and without; and of absent persons linked.
_ASKED = {True: (0.94, 0.9995, 0.001), False: (0.69, 0.9993, 0.0025)}


def _without_names(population: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"""
            copy (select * replace (null::varchar as first_name, null::varchar as last_name)
                from '{population / "records"}.parquet') to '{folder / "records"}.parquet'
        """)


def _judged(home: Home, population: Path, links: str, bare: bool = False) -> dict[str, float]:
    """Counts over the records to trace, planted twins apart: all, or those sent with names."""
    with zones.connect(home, identifiable="read", folders=[population]) as connection:
        evaluate.judge(connection, population, links)
        names = ("records", "in_index", "linked", "right", "expected_false", "absent",
                 "absent_linked", "twins", "twins_linked_falsely",
                 "absent_twins_linked")  # fmt: skip
        counts = connection.execute(
            """
            select count(*) filter (where not planted),
                count(*) filter (where not planted and in_index),
                count(*) filter (where not planted and is_linked),
                count(*) filter (where not planted and is_right),
                coalesce(sum(1 - match_probability) filter (where not planted and is_linked), 0),
                count(*) filter (where not planted and not in_index),
                count(*) filter (where not planted and not in_index and is_linked),
                count(*) filter (where planted and has_names),
                count(*) filter (
                    where planted and has_names and in_index and is_linked and not is_right
                ),
                count(*) filter (where planted and has_names and not in_index and is_linked)
            from (select *, not is_nameless or $bare as has_names from judged)
        """,
            {"bare": bare},
        ).fetchall()[0]
    return dict(zip(names, counts, strict=True))


def _traced(home: Home, population: Path, bare: bool = False) -> tuple[float, dict[str, float]]:
    started = time.perf_counter()
    words = ("run", "--select", *_MODELS, "--exclude", *warehouse.APART)
    warehouse.dbt(home, *words)
    return time.perf_counter() - started, _judged(home, population, _TRACED, bare)


def _rates(counts: dict[str, float]) -> dict[str, float]:
    false, expected = counts["linked"] - counts["right"], counts["expected_false"]
    return {
        "recall": counts["right"] / counts["in_index"],
        "precision": 1 - false / max(counts["linked"], 1),
        "absent linked": counts["absent_linked"] / max(counts["absent"], 1),
        "false links": false,
        # Step rules give no probability, so they expect nothing.
        "false links / expected": false / expected if expected else None,
    }


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--seeds", default="201,202,203,204,205", show_default=True)
@click.option("--persons", default=1_000_000, show_default=True)
@click.option("--records", default=60_000, show_default=True)
@click.option("--planted-twins", default=600, show_default=True, help="In each population.")
def main(folder: Path, seeds: str, persons: int, records: int, planted_twins: int) -> None:
    """Generate, trace and judge populations with 3.5 times the errors and 60 % without number."""
    pooled: dict[str, list] = {"with names": [], "without names": [], "step rules": []}
    population, bare, home = folder / "population", folder / "bare", Home.at(folder / "home")
    for seed in map(int, seeds.split(",")):
        settings = Settings(persons, records, seed, 3.5, 0.6, 0.04, True, planted_twins)
        warehouse.write_population(population, settings)
        warehouse.land(home, population)
        warehouse.dbt(home, "seed", "--select", "path:seeds/tracing")
        pooled["with names"].append(_traced(home, population))
        started = time.perf_counter()
        with duckdb.connect() as connection:
            links = step_rules.trace(connection, population)
            connection.execute(f"copy ({links}) to '{population / 'step_links'}.parquet'")
        steps = f"from '{population / 'step_links'}.parquet'"
        seconds = time.perf_counter() - started
        pooled["step rules"].append((seconds, _judged(home, population, steps)))
        _without_names(population, bare)
        with zones.connect(home, identifiable="write", folders=[bare]) as connection:
            warehouse.land_records(connection, bare, "la_person_unique_identifier")
        pooled["without names"].append(_traced(home, population, bare=True))
        click.echo(f"seed {seed}: " + ", ".join(f"{n} {r[-1][1]}" for n, r in pooled.items()))
    measures, ratios = [], []
    for name, runs in pooled.items():
        counts = {key: sum(run[1][key] for run in runs) for key in runs[0][1]}
        facts, seconds = counts | _rates(counts), [round(run[0], 3) for run in runs]
        what = "all records of one population"
        measures.append(Measure(name, what, seconds, statistics.median(seconds), 0, facts))
        if name == "step rules":
            continue
        recall, precision, absent = _ASKED[name == "with names"]
        ratios += [
            _ratio(f"recall {name}", facts["recall"], recall, facts["recall"] >= recall),
            _ratio(f"precision {name}", facts["precision"], precision,
                   facts["precision"] >= precision),
            _ratio(f"absent persons linked, {name}", facts["absent linked"], absent,
                   facts["absent linked"] <= absent),
            _ratio(f"false links / expected, {name}", facts["false links / expected"], 1,
                   0.5 <= facts["false links / expected"] <= 1),
            _ratio(f"planted twins of the index linked falsely, {name}",
                   facts["twins_linked_falsely"], 0, facts["twins_linked_falsely"] == 0),
        ]  # fmt: skip
    arguments = asdict(settings) | {"seed": seeds}
    write_result("trace_pooled", arguments, measures, ratios)


def _ratio(what: str, value: float, target: float, met: bool) -> dict:
    return {"what": what, "value": round(value, 6), "target": target, "met": met}


if __name__ == "__main__":
    main()
