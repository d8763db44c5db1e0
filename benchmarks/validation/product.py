"""The project's own validation of the same rows: from landing tables to findings and outcomes."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.national import country, fill, project
from plugins import zones
from plugins.home import Home

# What reads values, finds faults and judges rows, with all that they need.
SELECTED = "+int_validation_findings +int_rows_validated"
_VARS = "{accept_test_nhs_numbers: true}"


def prepare(work: Path, rows: Path, size: int) -> Path:
    """A home whose landing tables hold the rows, beside a project with their councils."""
    folder = work / f"warehouse_{size}"
    if not (folder / "ready").exists():
        project.copy_project(folder / "project", country.councils(size, 0, 0.0))
        home = Home.at(folder / "home")
        _run(folder, None, "cli.main", "keys", "init", "--quiet")
        fill.put_rows(home, rows)
        _dbt(folder, None, "seed")
        (folder / "ready").touch()
    return folder


def build(folder: str, memory: str) -> dict:
    """Run the models with dbt as users do, seeds loaded and the project parsed before."""
    work = Path(folder)
    start = time.perf_counter()
    _dbt(work, memory, "run", "--select", *SELECTED.split())
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    results = json.loads((work / "project/target/run_results.json").read_text())["results"]
    models = {
        result["unique_id"].rpartition(".")[2]: round(result["execution_time"], 2)
        for result in results
        if result["execution_time"] >= 0.5
    }
    with zones.connect(Home.at(work / "home"), identifiable="read") as connection:
        rows, findings = connection.execute(f"""
            select (select count(*) from {SCHEMA}.int_rows_validated),
                (select count(*) from {SCHEMA}.int_validation_findings)
        """).fetchall()[0]
    return {
        "seconds": seconds,
        "peak_mb": peak_mb,
        "rows": rows,
        "findings": findings,
        "model_seconds": dict(sorted(models.items(), key=lambda item: -item[1])),
    }


SCHEMA = "identifiable.intermediate"


def _dbt(folder: Path, memory: str | None, *words: str) -> None:
    _run(folder, memory, "dbt.cli.main", "--quiet", *words, "--profiles-dir", "profiles",
         "--vars", _VARS)  # fmt: skip


def _run(folder: Path, memory: str | None, *command: str) -> None:
    environment = os.environ | {"ASC_HOME": str(folder / "home")}
    environment.pop("ASC_KEYS", None)
    if memory:
        environment["ASC_MEMORY_LIMIT"] = memory
    subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", "-m", *command],
        cwd=folder / "project",
        env=environment,
        check=True,
        stdout=sys.stderr,
    )
