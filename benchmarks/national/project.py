"""A copy of the project with a register of 153 councils, and its commands, watched as they run."""

import datetime
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.national import country
from plugins.home import PROJECT_ROOT

_LEFT_BEHIND = (".venv", ".git", "data", "target", "logs", "benchmarks", ".*_cache", "*.egg-info")
_EVERY = 0.2  # seconds between two looks at a process's memory


@dataclass(frozen=True)
class Watched:
    """A command that has ended: its seconds, and (moment, resident MB) while it ran."""

    seconds: float
    memory: list[tuple[float, int]]

    def peak(self, start: float = 0.0, end: float = float("inf")) -> int:
        """Largest resident memory in MB between two moments (seconds since 1970)."""
        # A look just before and after: a short stage may lie between two of them.
        seen = [mb for moment, mb in self.memory if start - _EVERY <= moment <= end + _EVERY]
        return max(seen, default=0)


def copy_project(folder: Path, all_councils: list[country.Council]) -> None:
    """Copy the project into `folder` and add the councils to its register."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PROJECT_ROOT, folder, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))
    country.write_register(folder / "seeds" / "register", all_councils)


def run(project: Path, home: Path, *command: str, memory: str, log: Path) -> Watched:
    """Run a Python module's command in the project on a home; its words go to `log`."""
    environment = os.environ | {"ASC_HOME": str(home), "ASC_MEMORY_LIMIT": memory}
    environment.pop("ASC_KEYS", None)
    seen = []
    with log.open("a", encoding="utf-8") as output:
        start = time.time()
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=project,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            seen.append((time.time(), _resident_mb(process.pid)))
            time.sleep(_EVERY)
        seconds = time.time() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: see {log}")
    return Watched(seconds, seen)


def _resident_mb(pid: int) -> int:
    """Resident memory of a process and its children, in MB; 0 once it is gone."""
    total, pids = 0, [pid]
    while pids:
        one = pids.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text()
            children = Path(f"/proc/{one}/task/{one}/children").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += next((int(x.split()[1]) for x in status.splitlines() if "VmRSS" in x), 0)
        pids += [int(child) for child in children.split()]
    return total // 1024


def dbt(project: Path, home: Path, *words: str, memory: str, log: Path) -> Watched:
    """Run dbt in the project on a home, test numbers accepted."""
    return run(
        project,
        home,
        "dbt.cli.main",
        *words,
        "--profiles-dir",
        "profiles",
        "--vars",
        "{accept_test_nhs_numbers: true}",
        memory=memory,
        log=log,
    )


def node_times(project: Path) -> list[dict]:
    """Nodes of the last dbt run: name, kind, path of the file, seconds, start and end."""
    target = project / "target"
    results = json.loads((target / "run_results.json").read_text())["results"]
    manifest = json.loads((target / "manifest.json").read_text())
    known = manifest["nodes"] | manifest["functions"] | manifest["unit_tests"]
    found = []
    for result in results:
        node = known.get(result["unique_id"])
        if node is None or node["resource_type"] == "operation":
            continue  # an exposure or a hook: nothing is made
        spans = [t for t in result["timing"] if t["name"] == "execute" and t["completed_at"]]
        found.append(
            {
                "name": node["name"],
                "kind": node["resource_type"],
                "path": node["original_file_path"],
                "tags": node.get("tags", []),
                "seconds": result["execution_time"],
                "start": _moment(spans[0]["started_at"]) if spans else None,
                "end": _moment(spans[0]["completed_at"]) if spans else None,
                "status": result["status"],
            }
        )
    return found


def _moment(text: str) -> float:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
