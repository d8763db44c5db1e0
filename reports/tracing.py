"""The page of tracing: whose NHS number is found, and whose less often. Protected counts only."""

from dataclasses import dataclass

from reports.charts import Part, Stack, Stacks
from reports.protection import HIDDEN
from reports.source import Source
from reports.tables import Column, Table
from reports.words import STEPS

RATES = "pseudonymised.governance.trace_rates"
ALL = "all"
# (attribute, heading, what is to be known of it), in the order of the page.
_ATTRIBUTES = (
    ("age_band", "By age", "Age on the reference date of the products."),
    ("ethnic_group", "By ethnic group", "As the council recorded it."),
    ("event_type", "By type of event", "A person is in each type that occurs: they do not add up."),
)
_LAST = ("Unknown", "No data")
_NOT_SHOWN = "Hidden, or lost to rounding"


@dataclass(frozen=True)
class Section:
    """One attribute: a chart and a table of all councils together, and the councils beside them."""

    title: str
    text: str
    chart: Stacks
    steps: Table
    councils: Table | None = None


@dataclass(frozen=True)
class TracingPage:
    """The page. `facts` are (label, value) pairs."""

    facts: list[tuple[str, object]]
    sections: list[Section]


def tracing_page(source: Source, names: dict[str, str]) -> TracingPage:
    """Compose the page for the councils `names` (code -> name); no section before a build."""
    rows = source.read(f"select * from {RATES}", RATES)
    whole = [row for row in rows if row["attribute"] == ALL]
    by_council = _categories(
        [row | {"category": names.get(row["la_code"], "All")} for row in whole],
    )
    sections = []
    if whole:
        sections.append(_section("By council", "", by_council))
    for attribute, title, text in _ATTRIBUTES:
        found = [row for row in rows if row["attribute"] == attribute]
        together = _categories([row for row in found if row["la_code"] == ALL])
        if together:
            own = {
                name: _categories([row for row in found if row["la_code"] == code])
                for code, name in names.items()
            }
            sections.append(_section(title, text, together, own))
    return TracingPage(facts=_facts(by_council.get("All", {})), sections=sections)


def _categories(rows: list[dict]) -> dict[str, dict[str, dict]]:
    """Return category -> step -> row, the categories in the order of the page."""
    found: dict[str, dict[str, dict]] = {}
    for row in sorted(rows, key=lambda row: _order(row["category"])):
        found.setdefault(row["category"], {})[row["trace_step"]] = row
    return found


def _order(category: str) -> tuple:
    head = category.split("-")[0].rstrip("+")
    return category in _LAST, category == "All", int(head) if head.isdigit() else 0, category


def _facts(steps: dict[str, dict]) -> list[tuple[str, object]]:
    return [
        ("Persons", _persons(steps)),
        ("Linked to an NHS number", _linked(steps)),
        *((words, _share(steps.get(step))) for step, words in STEPS.items()),
    ]


def _persons(steps: dict[str, dict]) -> object:
    whole = next((row["persons_of_category"] for row in steps.values()), None)
    return HIDDEN if steps and whole is None else whole


def _share(row: dict | None) -> str | None:
    if row is None:
        return None
    share = row["persons_in_100"]
    return HIDDEN if share is None else f"{share} in 100"


def _linked(steps: dict[str, dict]) -> str | None:
    """Return the share that is linked, as far as the numbers shown tell it.

    Where those who are not linked are hidden, it is at least what the steps shown come to.
    """
    if not steps:
        return None
    if not isinstance(_persons(steps), int):
        return HIDDEN
    # A step that nobody was traced by, anywhere, has no row.
    missed = steps["none"]["persons_in_100"] if "none" in steps else 0
    if missed is not None:
        return f"{100 - missed} in 100"
    found = sum(row["persons_in_100"] or 0 for step, row in steps.items() if step != "none")
    return f"{min(found, 100)} or more in 100"


def _section(title: str, text: str, found: dict, own: dict[str, dict] | None = None) -> Section:
    return Section(
        title=title,
        text=text,
        chart=Stacks(
            f"How NHS numbers were found, {title[:1].lower()}{title[1:]}",
            [*STEPS.values(), _NOT_SHOWN],
            [_stack(category, steps) for category, steps in found.items()],
        ),
        steps=_steps(title, found),
        councils=_councils(title, found, own) if own else None,
    )


def _stack(category: str, steps: dict[str, dict]) -> Stack:
    parts = [
        Part(place, (steps[step]["persons_in_100"] or 0) / 100)
        for place, step in enumerate(STEPS)
        if step in steps and steps[step]["persons_in_100"]
    ]
    whole = _persons(steps)
    text = f"linked: {_linked(steps)}"
    return Stack(
        category, parts, f"{text}, of {whole:,} persons" if isinstance(whole, int) else text
    )


def _steps(title: str, found: dict) -> Table:
    columns = (
        Column("Category"),
        Column("Persons", numeric=True),
        *(Column(words, numeric=True) for words in STEPS.values()),
        Column("Linked", numeric=True),
    )
    rows = [
        (
            category,
            _persons(steps),
            *(_count(steps.get(step)) for step in STEPS),
            _linked(steps),
        )
        for category, steps in found.items()
    ]
    return Table(f"Persons by trace step, {title[:1].lower()}{title[1:]}", columns, rows)


def _count(row: dict | None) -> object:
    if row is None:
        return 0
    return HIDDEN if row["persons"] is None else row["persons"]


def _councils(title: str, found: dict, own: dict[str, dict]) -> Table:
    columns = (
        Column("Category"),
        *(Column(name, numeric=True) for name in own),
        Column("All", numeric=True),
    )
    rows = [
        (
            category,
            *(_linked(categories.get(category, {})) for categories in own.values()),
            _linked(steps),
        )
        for category, steps in found.items()
    ]
    return Table(f"Linked persons in 100 by council, {title[:1].lower()}{title[1:]}", columns, rows)
