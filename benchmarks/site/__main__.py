"""`python -m benchmarks.site`: how soon each page of the site can be used, and what it weighs.

A page can be used once its contents stand and no task holds it up any more: the end of the load,
the first paint with contents or the last task of 50 ms or more, whichever is last, before half a
second without such a task. The peer is dbt's own page of the same models, as dbt generates it.

`--home` names a home whose site stands, with dbt's page generated in this checkout (`make demo`);
without it one is made of a sample.
"""

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Measure, write_result
from benchmarks.site.browser import Browser, asked_for
from plugins.home import PROJECT_ROOT
from reports.site import DOCUMENTATION, FOLDER

WIDTHS = (1280, 390)
SECONDS, MEGABYTES = 2, 15  # what a page may take to be used, what the site may weigh


@dataclass(frozen=True)
class Timed:
    """A page: its name in the site, its bytes, and the seconds of each run at its slower width."""

    name: str
    size: int
    width: int
    seconds: list[float]

    @property
    def median(self) -> float:
        """The median of its runs."""
        return statistics.median(self.seconds)


def made(home: Path, persons: int) -> Path:
    """Make a whole warehouse of a sample, with its site; return its home."""
    command = ["make", "demo", f"PERSONS={persons}"]
    environment = os.environ | {"ASC_HOME": str(home)}
    subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return home


def timed(browser: Browser, page: Path, name: str, runs: int) -> tuple[Timed, set[str]]:
    """Time a page so often at each width; return the slower one, and what the page asked for."""
    found, asked = [], set()
    for width in WIDTHS:
        seconds = []
        for _ in range(runs):
            with browser.page(page.as_uri(), width) as shown:
                seconds.append(round(shown.interactive(), 3))
                asked |= set(shown.asked())
        found.append(Timed(name, page.stat().st_size, width, seconds))
    return max(found, key=lambda one: one.median), asked


def measured(site: Path, runs: int) -> tuple[list[Timed], Timed, set[str], int]:
    """Time every page of a site, and dbt's own; return also what was asked for, and peak MB."""
    pages = sorted(path for path in site.rglob("*.html"))
    asked: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        with Browser(Path(folder)) as browser:
            found = []
            for page in pages:
                one, more = timed(browser, page, str(page.relative_to(site)), runs)
                found.append(one)
                asked |= more
        asked |= set(asked_for(browser.log))
    with tempfile.TemporaryDirectory() as folder, Browser(Path(folder)) as browser:
        peer, _ = timed(browser, DOCUMENTATION, "as dbt generates it", runs)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return found, peer, asked, peak


def main() -> None:
    """Time the pages, print them as a table, slowest first, and keep the result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="times that each page is opened (3)")
    parser.add_argument("--persons", type=int, default=1500, help="clients of the sample (1500)")
    parser.add_argument("--home", type=Path, help="a home whose site stands already")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        home = chosen.home or made(Path(work) / "home", chosen.persons)
        site = home.resolve() / "reports" / FOLDER
        weight = sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6
        pages, peer, asked, peak = measured(site, chosen.runs)
    pages.sort(key=lambda one: one.median, reverse=True)
    print(f"{'page':64} {'KB':>7} {'px':>5} {'s':>7} {'of peer':>8}")
    for one in [peer, *pages]:
        times = one.median / peer.median
        print(f"{one.name:64} {one.size // 1000:7} {one.width:5} {one.median:7.2f} {times:8.3f}")
    worst = pages[0]
    measures = [
        Measure(
            one.name, "until it can be used", one.seconds, one.median, peak, {"bytes": one.size}
        )
        for one in (peer, *pages)
    ]
    times = worst.median / peer.median
    ratios = [
        {"what": "times dbt's own page, until the site's slowest page can be used", "value": times},
        _line("seconds until the slowest page can be used", worst.median, "<=", SECONDS),
        _line("MB of the whole site", weight, "<=", MEGABYTES),
        _line("addresses that pages asked for", len(asked), "<=", 0),
    ]
    write_result("site", {"runs": chosen.runs, "pages": len(pages)}, measures, ratios)


def _line(what: str, value: float, sign: str, most: float) -> dict:
    return {"what": what, "value": value, "target": f"{sign} {most}", "met": value <= most}


if __name__ == "__main__":
    main()
