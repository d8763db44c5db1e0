"""A council's own outcome figures: what its submissions would count as, before the deadline."""

from dataclasses import dataclass

from reports.charts import Bar, Bars
from reports.source import figures_defined
from reports.tables import Column, Table, percentage


@dataclass(frozen=True)
class Figure:
    """One figure with its definition: bars by category, or one value with the words for it."""

    title: str
    definition: str
    source: str
    bars: Bars | None = None
    value: str | None = None
    words: str = ""


def council_figures(counted: list[dict]) -> list[Figure]:
    """Return the figures of one council in the order of their seed; [] where nothing counts."""
    figures = []
    for defined in figures_defined():
        rows = [row for row in counted if row["figure"] == defined["figure"]]
        if rows:
            figures.append(_figure(defined, rows))
    return figures


def figures_table(counted: list[dict]) -> Table:
    """Return the same as a table, for workbooks."""
    columns = (
        Column("Figure", width=32),
        Column("Category", width=36),
        Column("Number", numeric=True, width=9),
        Column("Out of", numeric=True, width=9),
        Column("Value", numeric=True, width=9),
        Column("Counted in", width=11),
        Column("Definition", width=60),
    )
    rows = []
    for defined in figures_defined():
        for row in _ordered([row for row in counted if row["figure"] == defined["figure"]]):
            rows.append(
                (
                    defined["title"],
                    row["category"],
                    row["numerator"],
                    row["denominator"],
                    _value(defined, row),
                    defined["unit"],
                    f"{defined['definition']} Follows: {defined['source']}.",
                )
            )
    return Table("Your figures as they would count", columns, rows, "Nothing counts yet.")


def _ordered(rows: list[dict]) -> list[dict]:
    return sorted(rows, key=lambda row: (row["category_position"], row["category"]))


def _value(defined: dict[str, str], row: dict) -> str | None:
    if defined["unit"] == "days":
        return None if row["value"] is None else f"{float(row['value']):g} days"
    return percentage(row["numerator"], row["denominator"])


def _figure(defined: dict[str, str], rows: list[dict]) -> Figure:
    what = (defined["title"], defined["definition"], defined["source"])
    if defined["is_share"] == "true" or defined["unit"] == "days":
        row = rows[0]
        counted = f"{row['numerator']:,} of {row['denominator']:,}"
        unit = "requests with an assessment" if defined["unit"] == "days" else defined["unit"]
        return Figure(*what, value=_value(defined, row), words=f"{counted} {unit}")
    bars = [
        Bar(
            label=row["category"],
            share=row["numerator"] / row["denominator"],
            text=f"{row['numerator']:,} ({percentage(row['numerator'], row['denominator'])})",
        )
        for row in _ordered(rows)
    ]
    return Figure(*what, bars=Bars(defined["title"], bars))
