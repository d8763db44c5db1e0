"""Charts as plain data; the templates draw them as inline SVG."""

from dataclasses import dataclass, field
from datetime import date

from reports.tables import percentage


@dataclass(frozen=True)
class Bar:
    """One bar: `share` of the full width, 0 to 1; `marker`, if any, where the comparator stands."""

    label: str
    share: float
    text: str
    marker: float | None = None


@dataclass(frozen=True)
class Bars:
    """A chart of bars under one title; `marker` says in words what the marker is."""

    title: str
    bars: list[Bar]
    marker: str | None = None


@dataclass(frozen=True)
class Point:
    """One point of a trend, where it stands (`x` and `y` in percent of the plot) and its words."""

    x: float
    y: float
    label: str
    text: str


@dataclass(frozen=True)
class Trend:
    """A line over submissions: the plot runs from `floor` to 100 percent."""

    title: str
    points: list[Point] = field(default_factory=list)
    floor: int = 0

    @property
    def segments(self) -> list[tuple[Point, Point]]:
        """Return the lines between neighbouring points."""
        return list(zip(self.points, self.points[1:], strict=False))

    @property
    def description(self) -> str:
        """Return the trend in words."""
        return " ".join(f"{point.label}: {point.text}." for point in self.points)


_FLOORS = (95, 90, 75, 50, 0)


def trend(title: str, shares: list[tuple[date, int, int]]) -> Trend:
    """Return a trend of (day, part, whole), oldest first; wholes of nothing are left out."""
    known = [(day, part, whole) for day, part, whole in shares if whole]
    if not known:
        return Trend(title)
    lowest = min(100 * part / whole for _, part, whole in known)
    floor = next(floor for floor in _FLOORS if lowest >= floor)
    step = 100 / max(len(known) - 1, 1)
    return Trend(
        title,
        [
            Point(
                x=round(place * step, 2) if len(known) > 1 else 50,
                y=round(100 - 100 * (100 * part / whole - floor) / (100 - floor), 2),
                label=f"{day.day} {day:%b %Y}",
                text=percentage(part, whole) or "",
            )
            for place, (day, part, whole) in enumerate(known)
        ],
        floor,
    )


@dataclass(frozen=True)
class Part:
    """A part of a stacked bar: its place in the legend, and its `share` of the width, 0 to 1."""

    place: int
    share: float


@dataclass(frozen=True)
class Stack:
    """A bar made of parts, and its words."""

    label: str
    parts: list[Part]
    text: str

    @property
    def placed(self) -> list[tuple[int, float, float]]:
        """Return (place in the legend, start, share) of each part; none beyond the whole width."""
        placed, start = [], 0.0
        for part in self.parts:
            share = min(part.share, 1 - start)
            placed.append((part.place, start, share))
            start += share
        return placed


@dataclass(frozen=True)
class Stacks:
    """A chart of stacked bars under one title.

    `legend` names the parts in order, and last what is left of the width.
    """

    title: str
    legend: list[str]
    bars: list[Stack]
