"""What all benchmarks share: trials in processes of their own, medians, ratios, a dated result.

A trial is a function `(**arguments) -> dict` with at least `seconds`, which it measures itself once
all is imported and prepared. It runs in a fresh process, so that its peak memory is its own.
"""

import datetime
import importlib
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from plugins.home import PROJECT_ROOT

RESULTS = PROJECT_ROOT / "benchmarks" / "results"
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "pyarrow", "pandas", "openpyxl", "python-calamine")


@dataclass(frozen=True)
class Measure:
    """One thing measured. Seconds of each run, their median, the largest peak memory in MB."""

    name: str
    what: str
    seconds: list[float]
    median: float
    peak_mb: int
    facts: dict

    def ratio_to(self, peer: "Measure") -> float:
        """How many times as long as a peer it takes."""
        return self.median / peer.median


def measure(name: str, what: str, trial: str, runs: int, **arguments: object) -> Measure:
    """Run a trial, `module:function`, so many times, each in a fresh process."""
    seconds, peaks, facts = [], [], {}
    for _ in range(runs):
        command = [sys.executable, "-m", "benchmarks.measuring", trial, json.dumps(arguments)]
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"the trial {trial} ended with {process.returncode}")
        facts = json.loads(output.splitlines()[-1])
        seconds.append(round(facts.pop("seconds"), 3))
        peaks.append(max(usage.ru_maxrss // 1024, facts.pop("peak_mb", 0)))
    median = round(statistics.median(seconds), 3)
    measured = Measure(name, what, seconds, median, max(peaks), facts)
    print(f"{name:28} {median:9.2f} s  {measured.peak_mb:6} MB  {what}", flush=True)
    return measured


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that count."""
    found = {"python": platform.python_version()}
    for package in (*PACKAGES, "fastexcel"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def write_result(area: str, arguments: dict, measures: list[Measure], ratios: list[dict]) -> Path:
    """Keep a run as JSON named for area and day; print its ratios."""
    now = datetime.datetime.now(datetime.UTC)
    revision = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=PROJECT_ROOT, capture_output=True, text=True
    )
    result = {
        "area": area,
        "measured_at": now.isoformat(timespec="seconds"),
        "code_version": revision.stdout.strip(),
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            # Of the whole machine: what else ran makes seconds longer, ratios hardly.
            "load_average_1_5_15": [round(load, 2) for load in os.getloadavg()],
        },
        "versions": versions(),
        "arguments": arguments,
        "measures": [asdict(measured) for measured in measures],
        "ratios": ratios,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{area}_{now:%Y-%m-%d_%H%M}.json"
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print()
    for ratio in ratios:
        print(f"{ratio['value']:8.4g}  {ratio['what']}{_target(ratio)}")
    print(f"\nkept in {path.relative_to(PROJECT_ROOT)}")
    return path


def _target(ratio: dict) -> str:
    if "target" not in ratio:
        return ""
    return f"  [target {ratio['target']}: {'met' if ratio['met'] else 'NOT met'}]"


def main() -> None:
    """Run one trial in this process and print what it returns as JSON."""
    module, _, function = sys.argv[1].partition(":")
    trial = getattr(importlib.import_module(module), function)
    print(json.dumps(trial(**json.loads(sys.argv[2]))))


if __name__ == "__main__":
    main()
