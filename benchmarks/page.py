"""`python -m benchmarks.page`: all kept results on one page, each ratio over time.

Written to `benchmarks.html` below `reports/` of the home. A ratio is told by its area and words.
"""

import datetime
import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import RESULTS
from plugins.home import Home
from reports.files import private_folder, write_text
from reports.pages import render

PAGE = "benchmarks.html"
WIDTH, HEIGHT, EDGE = 150, 40, 6  # of a line, in pixels


@dataclass(frozen=True)
class Line:
    """One ratio over time: its latest value and target, and (x, y) of each run in pixels."""

    what: str
    target: str
    met: bool | None
    value: str
    measured_at: datetime.date
    runs: int
    points: list[tuple[float, float]]
    words: str


def lines_by_area(folder: Path = RESULTS) -> dict[str, list[Line]]:
    """Read every kept result, oldest first; areas and ratios in their order of appearance."""
    found: dict[str, dict[str, list[tuple[datetime.datetime, dict]]]] = {}
    results = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    for result in sorted(results, key=lambda one: one["measured_at"]):
        moment = datetime.datetime.fromisoformat(result["measured_at"])
        for ratio in result["ratios"]:
            area = found.setdefault(result["area"], {})
            area.setdefault(ratio["what"], []).append((moment, ratio))
    return {
        area: [_line(what, runs) for what, runs in ratios.items()] for area, ratios in found.items()
    }


def _line(what: str, runs: list[tuple[datetime.datetime, dict]]) -> Line:
    moments = [moment.timestamp() for moment, _ in runs]
    values = [ratio["value"] for _, ratio in runs]
    latest_at, latest = runs[-1]
    return Line(
        what=what,
        target=latest.get("target", ""),
        met=latest.get("met"),
        value=_shown(latest["value"]),
        measured_at=latest_at.date(),
        runs=len(runs),
        points=list(zip(_placed(moments, WIDTH), _placed(values, HEIGHT, down=True), strict=True)),
        words=", ".join(
            f"{_shown(value)} on {moment:%Y-%m-%d %H:%M}"
            for (moment, _), value in zip(runs, values, strict=True)
        ),
    )


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _placed(values: list[float], size: int, down: bool = False) -> list[float]:
    """Place values between the edges of a line; in the middle where there is one value only."""
    low, high = min(values), max(values)
    shares = [(value - low) / (high - low) if high > low else 0.5 for value in values]
    shares = [1 - share for share in shares] if down else shares
    return [round(EDGE + share * (size - 2 * EDGE), 1) for share in shares]


def main() -> None:
    """Write the page and say where it is."""
    page = private_folder(Home.from_environment().reports) / PAGE
    write_text(
        page,
        render(
            PAGE,
            areas=lines_by_area(),
            width=WIDTH,
            height=HEIGHT,
            written_on=datetime.datetime.now(datetime.UTC).date(),
        ),
    )
    print(page)


if __name__ == "__main__":
    main()
