"""Trials of validation over a landed home; each returns its seconds and number of rows."""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from loaders.specification import read_code_versions
from plugins import zones
from plugins.home import PROJECT_ROOT, Home

BIN = Path(sys.executable).parent
ROWS = "identifiable.landing.submission_rows"
# The collection models, up to findings, unique events and the counts for the data-quality mart.
SELECTED = (
    "+int_validation_findings +int_rows_validated +data_quality_values "
    "+int_events_deduplicated +int_events_joined"
)


def build(home: str) -> dict:
    """Build the collection models with dbt, as users do: the process's start and parse included."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            BIN / "dbt",
            "--quiet",
            "build",
            "--profiles-dir",
            "profiles",
            "--no-populate-cache",
        ]
        command += ["--select", SELECTED, "--resource-type", "model", "--resource-type", "seed"]
        command += ["--target-path", folder, "--log-path", folder]
        command += ["--vars", "{accept_test_nhs_numbers: true}"]
        environment = os.environ | {"ASC_HOME": home}
        start = time.perf_counter()
        subprocess.run(command, cwd=PROJECT_ROOT, env=environment, check=True, stdout=sys.stderr)
        seconds = time.perf_counter() - start
        results = json.loads((Path(folder) / "run_results.json").read_text())["results"]
    models = {
        result["unique_id"].rpartition(".")[2]: round(result["execution_time"], 2)
        for result in results
        if result["execution_time"] >= 1
    }
    return {
        "seconds": seconds,
        "rows": _count(home),
        "peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "model_seconds": dict(sorted(models.items(), key=lambda item: -item[1])),
    }


def _count(home: str) -> int:
    with zones.connect(Home.at(Path(home)), identifiable="read") as connection:
        return connection.execute(f"select count(*) from {ROWS}").fetchall()[0][0]


def _fields() -> list[dict]:
    path = PROJECT_ROOT / "seeds" / "specification" / "specification_fields.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scan(home: str) -> dict:
    """Read each landed cell once, cast to its field's type, and count what is filled."""
    casts = {"date": "date", "money": "decimal(18, 2)", "integer": "bigint"}
    counts = ", ".join(
        f"count(try_cast({field['field']} as {casts.get(field['data_type'], 'varchar')}))"
        for field in _fields()
    )
    with zones.connect(Home.at(Path(home)), identifiable="read") as connection:
        start = time.perf_counter()
        rows = connection.execute(f"select count(*), {counts} from {ROWS}").fetchall()[0][0]
        return {"seconds": time.perf_counter() - start, "rows": rows}


def pandas_subset(home: str) -> dict:
    """Check code lists, dates, costs, NHS check digits, blanks and three rules across dates."""
    fields, codes = _fields(), read_code_versions()
    found = rows = 0
    with zones.connect(Home.at(Path(home)), identifiable="read") as connection:
        submissions = connection.execute(
            "select submission_id from identifiable.landing.submissions where outcome = 'landed'"
        ).fetchall()
        start = time.perf_counter()
        for (submission,) in submissions:
            frame = connection.execute(
                f"select * from {ROWS} where submission_id = ?", [submission]
            ).df()
            rows += len(frame)
            found += _found_in(frame, fields, codes)
        return {"seconds": time.perf_counter() - start, "rows": rows, "found": found}


def _found_in(frame: pd.DataFrame, fields: list[dict], codes: dict) -> int:
    found, dates = 0, {}
    for field in fields:
        cells = frame[field["field"]].str.strip()
        filled = cells.notna()
        found += int((~filled).sum())
        if field["code_list"]:
            found += int((filled & ~cells.isin(codes[field["code_list"]])).sum())
        elif field["data_type"] == "date":
            iso = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
            british = pd.to_datetime(cells, format="%d/%m/%Y", errors="coerce")
            dates[field["field"]] = iso.fillna(british)
            found += int((filled & dates[field["field"]].isna()).sum())
        elif field["data_type"] == "money":
            plain = cells.str.replace("[£, ]", "", regex=True)
            found += int((filled & pd.to_numeric(plain, errors="coerce").isna()).sum())
        elif field["data_type"] == "nhs_number":
            found += int((filled & ~_check_digit_is_right(cells)).sum())
    start, end = dates["event_start_date"], dates["event_end_date"]
    found += int((end < start).sum() + (dates["date_of_birth"] > start).sum())
    return found + int((dates["date_of_death"] < start).sum())


def _check_digit_is_right(cells: pd.Series) -> pd.Series:
    digits = cells.str.replace("[^0-9]", "", regex=True)
    digits = digits.where(digits.str.len() == 10)
    total = sum(pd.to_numeric(digits.str[place]) * (10 - place) for place in range(9))
    return ((11 - total % 11) % 11) == pd.to_numeric(digits.str[9])
