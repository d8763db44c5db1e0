"""Charts of several lines as plain data; the template draws them as inline SVG."""

from dataclasses import dataclass, field

from reports.charts import Point


@dataclass(frozen=True)
class Line:
    """One line: its name, its points where a value is known, and which neighbours are joined."""

    name: str
    points: list[Point] = field(default_factory=list)
    segments: list[tuple[Point, Point]] = field(default_factory=list)


@dataclass(frozen=True)
class Lines:
    """Lines over the same places, from `bottom` to `top`; `first` and `last` label the ends."""

    title: str
    lines: list[Line] = field(default_factory=list)
    bottom: str = "0"
    top: str = ""
    first: str = ""
    last: str = ""

    @property
    def description(self) -> str:
        """Return the chart in words."""
        return " ".join(
            f"{line.name}: "
            + ", ".join(f"{point.label} {point.text}" for point in line.points)
            + "."
            for line in self.lines
        )


def lines(
    title: str, series: dict[str, dict[str, float]], places: list[str], top: float | None = None
) -> Lines:
    """Return a chart of series (place -> value) over `places`; a missing value leaves a gap.

    The plot runs from 0 to `top`, else to the highest value.
    """
    highest = max((value for values in series.values() for value in values.values()), default=0)
    highest = top if highest and top else highest
    if not highest or len(places) < 2:
        return Lines(title)
    drawn = []
    for name, values in series.items():
        points = {
            number: Point(
                x=round(100 * number / (len(places) - 1), 2),
                y=round(100 - 100 * values[place] / highest, 2),
                label=place,
                text=f"{values[place]:,.10g}",
            )
            for number, place in enumerate(places)
            if place in values
        }
        joined = [(points[n], points[n + 1]) for n in points if n + 1 in points]
        drawn.append(Line(name, list(points.values()), joined))
    return Lines(title, drawn, "0", f"{highest:,.10g}", places[0], places[-1])
