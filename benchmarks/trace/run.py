"""Measure the trace on a generated national index: `python -m benchmarks.trace.run --help`.

Runs the project's own models through dbt in a warehouse below the folder given, judges the links
against truth that the models never see, and runs the step rules on the same data.
"""

import json
import resource
import shutil
import subprocess
import time
from collections.abc import Iterable
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
_MODELS = "path:models/intermediate/identifiable/tracing"
# Made for auditors: no link waits for it.
_EXPLAINED = "int_trace_answers_explained"


def _floor(connection: duckdb.DuckDBPyConnection) -> float:
    """Seconds of one two-column hash join of all records on the prepared addresses."""
    started = time.perf_counter()
    connection.execute("""
        select count(*) from identifiable.intermediate.int_trace_requests_encoded as r
        join identifiable.intermediate.int_index_variants_prepared as v
            on r.postcode_id = v.postcode_id and r.date_of_birth = v.date_of_birth
    """).fetchall()
    return time.perf_counter() - started


def _print(title: str, measures: dict) -> None:
    click.echo(
        f"{title}: " + ", ".join(f"{k} {v:.6g}" for k, v in measures.items() if v is not None)
    )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--persons", default=1_000_000, show_default=True)
@click.option("--records", default=60_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--error-rate", default=2.0, show_default=True, help="Multiplies every error.")
@click.option("--number-missing", default=0.45, show_default=True)
@click.option("--nameless", is_flag=True, help="The council sends no names.")
@click.option("--planted-twins", default=0, show_default=True)
@click.option("--threads", default=1, show_default=True, help="Of dbt.")
@click.option("--splink", help="A Python that has Splink 5, to run it on the same data.")
@click.option("--reuse", is_flag=True, help="Take the population that FOLDER holds already.")
def main(
    folder: Path, persons: int, records: int, seed: int, error_rate: float, number_missing: float,
    nameless: bool, planted_twins: int, threads: int, splink: str | None, reuse: bool,
) -> None:  # fmt: skip
    """Generate, trace and judge; FOLDER takes the population and the warehouse."""
    settings = Settings(
        persons, records, seed, error_rate, number_missing, 0.04, not nameless, planted_twins
    )
    population, root = folder / "population", folder / "home"
    if not reuse:
        warehouse.write_population(population, settings)
    shutil.rmtree(root, ignore_errors=True)
    home = Home.at(root)
    warehouse.land(home, population)
    warehouse.dbt(home, "seed", "--select", "path:seeds/tracing")
    preparation = _prepare(home, threads)
    trace = _trace(home, threads)
    peak = _peak()
    with duckdb.connect() as connection:
        steps = step_rules.trace(connection, population)
        connection.execute(f"copy ({steps}) to '{population / 'step_links'}.parquet'")
    with zones.connect(home, identifiable="read", folders=[population]) as connection:
        floor = min(_floor(connection) for _ in range(3))
        evaluate.judge(connection, population, _TRACED)
        steps = f"from '{population / 'step_links'}.parquet'"
        evaluate.judge(connection, population, steps, "judged_steps")
        facts = {
            "trace": evaluate.overall(connection),
            "step rules": evaluate.overall(connection, "judged_steps"),
        }
        facts |= _report(connection)
    warehouse.land_changed_records(home, population, 100)
    again = _prepare(home, threads) | _trace(home, threads)
    whole, linked = sum(trace.values()), sum(trace.values()) - trace[_EXPLAINED]
    full = sum(preparation.values()) + whole
    measures = [
        _measure("preparation", "the index, read and numbered", preparation.values(), peak),
        _measure("trace", "all requests over the prepared index", trace.values(), peak, facts),
        _measure("join", "one two-column hash join of requests and addresses", [floor], 0),
        _measure("again", "both again, one request in a hundred changed", again.values(), _peak()),
    ]
    ratios = [
        _ratio("trace / join", linked / floor, 15 if nameless else 30),
        _ratio("again / preparation and trace", sum(again.values()) / full, 0.1),
    ]
    if splink:
        seconds, peer_mb, peer = _run_splink(splink, population, not nameless)
        measures.append(_measure("splink", "Splink 5", [seconds], peer_mb, peer))
        ratios += [
            _ratio("Splink / trace, seconds", seconds / linked, 8, at_least=True),
            _ratio("Splink / preparation and trace, seconds", seconds / full, 8, at_least=True),
            _ratio("trace / Splink, memory", peak / peer_mb, 0.333),
        ]
    write_result("trace", asdict(settings), measures, ratios)


def _peak() -> int:
    """Largest memory of any child process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def _prepare(home: Home, threads: int) -> dict[str, float]:
    staging = ("path:models/staging/person_index", "path:models/staging/tracing")
    warehouse.dbt(home, "run", "--select", *staging, warehouse.PREPARATION, threads=threads)
    return warehouse.timings(home)


def _trace(home: Home, threads: int) -> dict[str, float]:
    excluded = ("--exclude", warehouse.PREPARATION, *warehouse.APART)
    warehouse.dbt(home, "run", "--select", _MODELS, *excluded, threads=threads)
    return warehouse.timings(home)


def _measure(
    name: str, what: str, seconds: Iterable[float], peak_mb: int, facts: dict | None = None
) -> Measure:
    total = round(sum(seconds), 3)
    return Measure(name, what, [total], total, peak_mb, facts or {})


def _ratio(what: str, value: float, target: float, at_least: bool = False) -> dict:
    met = value >= target if at_least else value <= target
    return {"what": what, "value": round(value, 4), "target": target, "met": met}


def _run_splink(python: str, population: Path, named: bool) -> tuple[float, int, dict]:
    """Run Splink on the same data: seconds, peak memory in MB, and its measures, printed too."""
    script = Path(__file__).with_name("splink_peer.py")
    command = [python, script, population, "named" if named else "nameless"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    facts = json.loads(done.stdout.splitlines()[-1])
    with duckdb.connect() as connection:
        links = f"from '{population / 'splink_links'}.parquet'"
        evaluate.judge(connection, population, links)
        measured = evaluate.overall(connection)
    _print("Splink", measured)
    return facts["seconds"], facts["peak_mb"], measured


def _report(connection: duckdb.DuckDBPyConnection) -> dict:
    """Print what was found; return the segments that do worse than the step rules, and pairs."""
    worse = []
    _print("trace", evaluate.overall(connection))
    _print("step rules", evaluate.overall(connection, "judged_steps"))
    click.echo(f"{'':40} records  false (expected)  precision  recall   steps' own")
    for row in evaluate.by_segment(connection):
        is_worse = evaluate.worse_than_steps(row)
        worse += [f"{row[0]}: {row[1]}"] if is_worse else []
        mark = "  worse than the step rules" if is_worse else ""
        click.echo(
            "  {:13} {:24} {:7} {:6} {:9.1f}     {:.5f}    {:.4f}   {:.5f} {:.4f}".format(*row)
            + mark
        )
    click.echo("recall by group, and what explains it: records without a wrong detail")
    for row in evaluate.unequal(connection):
        click.echo(
            "  {:13} {:24} {:7}  recall {:.4f}; without error {:.3f} of them, recall there "
            "{:.4f}".format(*row)
        )
    pairs = connection.execute(
        "select avg(candidate_count), avg(scored_count) "
        f"from ({_TRACED}) where trace_step <> 'cross_check'"
    ).fetchall()[0]
    click.echo(f"pairs per untraced record: candidates {pairs[0]:.1f}, scored {pairs[1]:.1f}")
    return {"worse than the step rules": worse, "candidates": pairs[0], "scored": pairs[1]}


if __name__ == "__main__":
    main()
