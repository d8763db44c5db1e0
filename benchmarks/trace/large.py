"""The trace on an index of national size, step by step: `python -m benchmarks.trace.large --help`.

The index is generated in blocks and read where it lies, as parquet; it is prepared once, and both
numbers of records are traced over the prepared index, by processes that may take so much memory.
"""

import resource
from dataclasses import asdict
from pathlib import Path

import click

from benchmarks.measuring import Measure, write_result
from benchmarks.trace import warehouse
from benchmarks.trace.population import Settings
from plugins import zones
from plugins.home import Home

_STAGING = ("path:models/staging/person_index", "path:models/staging/tracing")
_TRACE = "path:models/intermediate/identifiable/tracing"
# Records and the seconds asked for them, over an index of sixty million.
_ASKED = {50_000: 30, 500_000: 120}
_MEMORY_MB = 8192


def _settings(persons: int) -> Settings:
    return Settings(persons, max(_ASKED), seed=61, error_rate=2.0)


@click.group()
def main() -> None:
    """Generate block by block, prepare, trace."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--persons", default=60_000_000, show_default=True)
@click.option("--block", type=int, help="Only this one, counted from 0.")
def generate(folder: Path, persons: int, block: int | None) -> None:
    """Write the population below FOLDER; blocks may be made by runs of their own."""
    settings = _settings(persons)
    for number in range(settings.blocks) if block is None else [block]:
        warehouse.write_block(_population(folder), settings, number)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def prepare(folder: Path) -> None:
    """Make the warehouse and the prepared index below FOLDER."""
    home = Home.at(folder)
    warehouse.gather(_population(folder))
    warehouse.land(home, _population(folder), index_in_place=True)
    warehouse.dbt(home, "seed", "--select", "path:seeds/tracing")
    words = ("run", "--select", *_STAGING, warehouse.PREPARATION)
    seconds = warehouse.dbt(home, *words, memory=f"{_MEMORY_MB * 3 // 4}MB")
    click.echo(f"prepared in {seconds:.0f} s, {_peak()} MB")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--persons", default=60_000_000, show_default=True)
def trace(folder: Path, persons: int) -> None:
    """Trace each number of records over the prepared index, and keep what it took."""
    home, population = Home.at(folder), _population(folder)
    measures, ratios = [], []
    for records, asked in _ASKED.items():
        with zones.connect(home, identifiable="write") as connection:
            warehouse.land_records(connection, population, "la_person_unique_identifier", records)
        words = ("run", "--select", *_STAGING, _TRACE, "--exclude", *warehouse.APART)
        wall = warehouse.dbt(home, *words, memory=f"{_MEMORY_MB * 3 // 4}MB")
        seconds = warehouse.timings(home)
        kept = {name for name, message in warehouse.messages(home).items() if message == "KEPT"}
        total = round(sum(seconds.values()), 3)
        facts = {"seconds with dbt's own start": round(wall, 1), "tables kept": len(kept)}
        what = f"{records} records over {persons} persons, the index checked and reused"
        measures.append(Measure(f"trace {records}", what, [total], total, _peak(), facts))
        ratios += [
            {"what": f"seconds for {records} records", "value": total, "target": asked,
             "met": total <= asked},
            {"what": f"MB for {records} records", "value": _peak(), "target": _MEMORY_MB,
             "met": _peak() <= _MEMORY_MB},
        ]  # fmt: skip
    write_result("trace_large", asdict(_settings(persons)), measures, ratios)


def _population(folder: Path) -> Path:
    return folder / "population"


def _peak() -> int:
    """Largest memory of any child process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


if __name__ == "__main__":
    main()
