"""Runs the project's own trace on a generated population, in a warehouse of its own."""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from benchmarks.trace.population import Settings, generate
from loaders import extracts, trace_files
from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import KeyRing

BIN = Path(sys.executable).parent
PREPARATION = "tag:index_preparation"
# Made for audit and review; no link waits for them.
APART = (
    "int_trace_non_matches_compared",
    "int_trace_weights_measured",
    "int_trace_links_explained",
)
_INDEX = ("person_index_person", "person_index_address", "person_index_name")


def write_population(folder: Path, settings: Settings, memory: str = "6GB") -> None:
    """Generate a population and write it as parquet: index tables, records and truth.

    A block is a file, `person_index_person.0.parquet` and so on; records and truth are one each.
    """
    for path in folder.glob("*.parquet"):
        path.unlink()
    for block in range(settings.blocks):
        write_block(folder, settings, block, memory)
    gather(folder)


def gather(folder: Path) -> None:
    """Put records and truth of all blocks into one file each."""
    with duckdb.connect() as connection:
        for table in ("records", "truth"):
            parts = f"'{folder / table}.*.parquet'"
            connection.execute(f"copy (from {parts}) to '{folder / table}.parquet'")


def write_block(folder: Path, settings: Settings, block: int, memory: str = "6GB") -> None:
    """Generate one block of a population and write its files."""
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / "scratch.duckdb"
    scratch.unlink(missing_ok=True)
    with duckdb.connect(str(scratch)) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"set memory_limit = '{memory}'")
        names = PROJECT_ROOT / "seeds" / "tracing" / "trace_short_names.csv"
        connection.execute(f"create temp table short_names as from read_csv('{names}')")
        generate(connection, settings, block)
        for table in (*_INDEX, "records", "truth"):
            path = folder / f"{table}.{block}.parquet"
            connection.execute(f"copy {table} to '{path}' (compression zstd)")
    scratch.unlink()


def land(
    home: Home,
    population: Path,
    order: str = "la_person_unique_identifier",
    index_order: str | None = None,
    index_in_place: bool = False,
) -> None:
    """Put a population into the landing tables and the rows that the trace reads.

    `order` and `index_order` are SQL expressions: the order in which records and index are written,
    the index as it comes without one; in place, it is read from the files at each use, which must
    lie below the home.
    """
    KeyRing(home.keys).initialise()
    with zones.connect(home, identifiable="write", folders=[population]) as connection:
        connection.execute("use identifiable")
        extracts.prepare(connection)
        trace_files.prepare(connection)
        for table in _INDEX:
            source = f"from '{population / table}*.parquet'"
            if index_order:
                source += f" order by {index_order}"
            kind = "view" if index_in_place else "table"
            if index_in_place:
                connection.execute(f"drop table if exists landing.{table}")
            connection.execute(f"create or replace {kind} landing.{table} as {source}")
            digest = hashlib.sha256()
            for path in sorted(population.glob(f"{table}*.parquet")):
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
            connection.execute("delete from landing.extracts where extract = ?", [table])
            connection.execute(
                "insert into landing.extracts values (?, ?, null, 'landed', null)",
                [table, digest.hexdigest()],
            )
        land_records(connection, population, order)


def land_records(
    connection: duckdb.DuckDBPyConnection, population: Path, order: str, most: int | None = None
) -> None:
    """Replace the rows that the trace reads by the population's records, or so many of them."""
    limit = f"order by hash(la_person_unique_identifier) limit {most}" if most else ""
    connection.execute("create schema if not exists identifiable.intermediate")
    connection.execute(f"""
        create or replace table identifiable.intermediate.int_rows_validated as
        select 'S' as submission_id, row_number() over (order by la_person_unique_identifier)
            as row_number, 'accepted' as outcome, timestamp '2017-07-05 09:00:00' as received_at,
            date '2017-05-01' as event_start_date, null::date as date_of_death, *
        from (from '{population / "records"}.parquet' {limit}) order by {order}
    """)


def land_changed_records(home: Home, population: Path, one_in: int) -> None:
    """Land the records again, the gender of one in so many no longer known."""
    with zones.connect(home, identifiable="write", folders=[population]) as connection:
        land_records(connection, population, "la_person_unique_identifier")
        connection.execute(f"""
            update identifiable.intermediate.int_rows_validated set gender = 'Unknown'
            where row_number % {one_in} = 0
        """)


def dbt(
    home: Home,
    *words: str,
    threads: int = 1,
    engine_threads: int | None = None,
    memory: str | None = None,
) -> float:
    """Run dbt on this warehouse; return the seconds it took.

    `threads` is how many models run at once, `engine_threads` how many threads the engine has,
    `memory` how much of it the engine may take.
    """
    started = time.perf_counter()
    profiles = PROJECT_ROOT / "profiles"
    options = {"threads": engine_threads, "memory_limit": memory}
    if set_ones := [f"{name}: {value}" for name, value in options.items() if value]:
        text = (profiles / "profiles.yml").read_text()
        text += f"      config_options: {{{', '.join(set_ones)}}}\n"
        profiles = home.root / "profiles"
        profiles.mkdir(exist_ok=True)
        (profiles / "profiles.yml").write_text(text)
    command = [BIN / "dbt", "--no-use-colors", "--quiet", *words, "--profiles-dir", profiles]
    command += ["--target-path", home.root / "target", "--log-path", home.root / "logs"]
    command += ["--vars", "{accept_test_nhs_numbers: true}"]
    if words[0] in ("run", "build"):
        command += ["--threads", str(threads)]
    done = subprocess.run(
        command,
        cwd=PROJECT_ROOT,
        env=os.environ | {"ASC_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-4000:] + done.stderr[-2000:])
    return time.perf_counter() - started


def _results(home: Home) -> list[dict]:
    return json.loads((home.root / "target" / "run_results.json").read_text())["results"]


def timings(home: Home) -> dict[str, float]:
    """Return the seconds that each node of the last dbt run took."""
    return {r["unique_id"].split(".")[-1]: r["execution_time"] for r in _results(home)}


def messages(home: Home) -> dict[str, str]:
    """Return what the engine said of each node of the last dbt run."""
    return {r["unique_id"].split(".")[-1]: r["message"] for r in _results(home)}
