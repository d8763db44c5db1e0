"""`python -m benchmarks.national WORK`: a country generated, landed, built and released.

Each step is kept in WORK, so that a run that was stopped goes on where it stopped. `--share 1` is
the nation; `--compare OTHER` prints how much longer each stage took than in the folder of a run at
a tenth of the size.
"""

import argparse
import json
import shutil
import time
from pathlib import Path

from benchmarks.measuring import Measure, write_result
from benchmarks.national import country, fill, generate, project, stages
from plugins.home import Home

# At most so many times as long as at a tenth of the size, and so many GB resident.
_GROWTH, _RESIDENT = 11.0, 16.0
# A stage that took fewer seconds than this in the smaller run is mostly start and parse.
_WORTH_COMPARING = 1.0


def parsed() -> argparse.Namespace:
    """The sizes."""
    whole = generate.Size()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.national", description=__doc__)
    parser.add_argument("work", type=Path, help="folder of the run")
    parser.add_argument("--share", type=float, default=0.01, help="part of national volume (0.01)")
    for name in ("persons", "clients", "rows", "admissions", "attendances", "workbook_rows"):
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=int, help=f"({getattr(whole, name)} x share)"
        )
    parser.add_argument("--memory", default="10GB", help="memory limit of the engine (10GB)")
    parser.add_argument("--until", choices=["generate", "land", "build", "release"])
    parser.add_argument("--compare", type=Path, help="folder of a smaller run")
    return parser.parse_args()


class Run:
    """One end-to-end run in a folder; finished steps are in its `state.json`."""

    def __init__(self, work: Path, size: generate.Size, memory: str) -> None:
        """Go on with what is there."""
        self.work, self.size, self.memory = work.resolve(), size, memory
        self.work.mkdir(parents=True, exist_ok=True)
        self.home, self.project = Home.at(self.work / "home"), self.work / "project"
        self.country, self.log = self.work / "country", self.work / "log.txt"
        self.kept = self.work / "state.json"
        self.state = json.loads(self.kept.read_text()) if self.kept.exists() else {}

    def step(self, name: str, work: object) -> None:
        """Do a step unless it is done; what it returns is kept."""
        if name in self.state:
            return
        started = time.perf_counter()
        self.state[name] = work()
        self.kept.write_text(json.dumps(self.state, indent=1) + "\n")
        print(f"{name:24} {time.perf_counter() - started:8.1f} s", flush=True)

    def generate(self) -> dict:
        """Write the country, its workbooks and the project with its register."""
        rows = generate.write_country(self.country, self.work.parent, self.size, quiet=True)
        share = self.size.workbook_rows / self.size.rows
        laid_out = country.councils(self.size.persons, self.size.workbooks, share)
        project.copy_project(self.project, laid_out)
        return rows | {"workbooks": fill.write_workbooks(self.country)}

    def land(self) -> list[dict]:
        """Land workbooks, then extracts, each as `asc land` does; the rest goes in directly."""
        self._asc("keys", "init", "--quiet")
        found = []
        for name, inbox in (("landing workbooks", "workbooks"), ("landing extracts", "inbox")):
            found.append(stages.of_command(name, self._asc("land", str(self.country / inbox),
                "--received-at", str(fill.RECEIVED.date()), "--quiet")))  # fmt: skip
        fill.put_rows(self.home, self.country)
        # What has landed is read no more: disk space is scarce.
        shutil.rmtree(self.country)
        return stages.as_dicts(found)

    def build(self) -> list[dict]:
        """Run the whole `dbt build`."""
        watched = project.dbt(
            self.project, self.home.root, "build", memory=self.memory, log=self.log
        )
        whole = stages.of_command("dbt build, whole", watched)
        return stages.as_dicts([*stages.of_build(self.project, watched), whole])

    def release(self) -> list[dict]:
        """Release to all agreements in force."""
        return stages.as_dicts([stages.of_command("release", self._asc("release", "--quiet"))])

    def _asc(self, *words: str) -> project.Watched:
        return project.run(
            self.project, self.home.root, "cli.main", *words, memory=self.memory, log=self.log
        )


def _line(what: str, value: float, limit: float) -> dict:
    return {
        "what": what,
        "value": round(value, 2),
        "target": f"<= {limit:g}",
        "met": value <= limit,
    }


def found_stages(work: Path) -> dict[str, dict]:
    """Stages that a run's folder holds, by name."""
    state = json.loads((work / "state.json").read_text())
    steps = (state.get(step, []) for step in ("land", "build", "release"))
    return {stage["name"]: stage for found in steps for stage in found}


def main() -> None:
    """Run what is not done yet, print and keep it."""
    arguments = parsed()
    size = generate.Size().part_of(arguments.share)
    given = {
        name: value
        for name, value in vars(arguments).items()
        if value is not None and hasattr(size, name)
    }
    size = generate.Size(**(vars(size) | given))
    run = Run(arguments.work, size, arguments.memory)
    for name in ("generate", "land", "build", "release"):
        run.step(name, getattr(run, name))
        if name == arguments.until:
            break
    found = found_stages(run.work)
    before = found_stages(arguments.compare) if arguments.compare else {}
    measures, ratios = [], []
    for name, stage in found.items():
        seconds = stage["seconds"]
        peak = stage["peak_mb"]
        measures.append(Measure(name, "stage", [seconds], seconds, peak, stage["slowest"]))
        print(f"{name:24} {seconds:9.1f} s  {peak:6} MB")
        if name in before and before[name]["seconds"] >= _WORTH_COMPARING:
            growth = seconds / before[name]["seconds"]
            ratios.append(_line(f"times as long as at a tenth: {name}", growth, _GROWTH))
    largest = max((measured.peak_mb for measured in measures), default=0) / 1024
    ratios.append(_line("GB resident at most, all stages", largest, _RESIDENT))
    write_result("national", vars(size) | {"memory": run.memory}, measures, ratios)


if __name__ == "__main__":
    main()
