"""The page of the collection: what came, schedule, lateness, acceptance and trends by council."""

from dataclasses import dataclass

from reports.charts import Bar, Bars, Trend
from reports.collection import checked, of_council, total
from reports.council import acceptance_trend, validity_trend
from reports.everything import Collection
from reports.protection import HIDDEN, persons_shown
from reports.schedule import NO_SCHEDULE, month, status_tag
from reports.tables import Column, Link, Table, change, percentage

_UNKNOWN = "Not a submitting council"
_STATES = ("on_time", "late", "missing", "not_due")


@dataclass(frozen=True)
class ManagersPage:
    """The page. `trends` are (council, acceptance, valid cells)."""

    notes: list[str]
    facts: list[tuple[str, object]]
    councils: Table
    bars: Bars
    schedule: Table
    lateness: Table
    acceptance: Table
    trends: list[tuple[str, Trend, Trend]]


def managers_page(
    everything: Collection, names: dict[str, str], notes: list[str], pages: dict[str, str]
) -> ManagersPage:
    """Compose the page for the councils `names` (code -> name); `pages`: code -> link to theirs."""
    own = {code: everything.of(code) for code in names}
    return ManagersPage(
        notes=notes,
        facts=_facts(everything),
        councils=_councils(everything, names, pages),
        bars=_bars(everything, names),
        schedule=_schedule(everything.monitored, names),
        lateness=_lateness(everything.monitored, names),
        acceptance=_acceptance(own, names),
        trends=[
            (name, acceptance_trend(own[code].submissions), validity_trend(own[code]))
            for code, name in names.items()
            if checked(own[code].submissions)
        ],
    )


def _facts(everything: Collection) -> list[tuple[str, object]]:
    states = [row["status"] for row in everything.monitored]
    due = len(states) - states.count("not_due")
    sent = everything.submissions
    accepted, aside = total(sent, "accepted"), total(sent, "quarantined")
    return [
        ("Submissions due so far", due if states else None),
        ("Received on time", percentage(states.count("on_time"), due)),
        ("Late", states.count("late") if states else None),
        ("Missing", states.count("missing") if states else None),
        ("Rows accepted", percentage(accepted, accepted + aside)),
    ]


def _councils(everything: Collection, names: dict[str, str], pages: dict[str, str]) -> Table:
    columns = (
        Column("Council"),
        Column("Code"),
        Column("Landed", numeric=True),
        Column("Duplicate", numeric=True),
        Column("Refused", numeric=True),
        Column("Last received"),
        Column("Rows read", numeric=True),
        Column("Accepted", numeric=True),
        Column("Set aside", numeric=True),
        Column("Accepted share", numeric=True),
    )
    rows = [
        _council_row(
            of_council(everything.submissions, code),
            Link(name, pages[code]) if code in pages else name,
            code,
        )
        for code, name in names.items()
    ]
    strangers = [row for row in everything.submissions if row["la_code"] not in names]
    if strangers:
        rows.append(_council_row(strangers, _UNKNOWN, None))
    rows.append(_council_row(everything.submissions, "All", None))
    return Table("Submissions by council", columns, rows)


def _council_row(sent: list[dict], name: str | Link, code: str | None) -> tuple:
    outcomes = [row["outcome"] for row in sent]
    done = checked(sent)
    accepted, quarantined = total(done, "accepted"), total(done, "quarantined")
    return (
        name,
        code,
        *(outcomes.count(outcome) for outcome in ("landed", "duplicate", "refused")),
        max((row["received_at"] for row in sent), default=None),
        total(sent, "rows_read"),
        accepted if done else None,
        quarantined if done else None,
        percentage(accepted, accepted + quarantined),
    )


def _bars(everything: Collection, names: dict[str, str]) -> Bars:
    bars = []
    for code, name in names.items():
        done = checked(of_council(everything.submissions, code))
        accepted = total(done, "accepted")
        rows = accepted + total(done, "quarantined")
        if rows:
            text = f"{accepted:,} of {rows:,} ({percentage(accepted, rows)})"
            bars.append(Bar(name, accepted / rows, text))
    return Bars("Share of rows accepted, by council", bars)


def _schedule(monitored: list[dict], names: dict[str, str]) -> Table:
    columns = (Column("Month"), Column("Due by"), *(Column(name) for name in names.values()))
    months = sorted({row["period_month"] for row in monitored}, reverse=True)
    rows = []
    for day in months:
        found = {row["la_code"]: row for row in monitored if row["period_month"] == day}
        first = min(row["due_date"] for row in found.values())
        states = (status_tag(found[code]) if code in found else None for code in names)
        rows.append((month(day), first, *states))
    return Table("Schedule by month and council", columns, rows, NO_SCHEDULE)


def _lateness(monitored: list[dict], names: dict[str, str]) -> Table:
    columns = (
        Column("Council"),
        Column("Due so far", numeric=True),
        Column("On time", numeric=True),
        Column("Late", numeric=True),
        Column("Missing", numeric=True),
        Column("Share on time", numeric=True),
        Column("Most days late", numeric=True),
    )
    rows = []
    for code, name in names.items():
        found = of_council(monitored, code)
        if not found:
            continue
        on_time, late, missing, later = (
            sum(row["status"] == state for row in found) for state in _STATES
        )
        due = len(found) - later
        worst = max((row["days_late"] for row in found if row["status"] == "late"), default=None)
        rows.append((name, due, on_time, late, missing, percentage(on_time, due), worst))
    return Table("Lateness by council", columns, rows, NO_SCHEDULE)


def _acceptance(own: dict[str, Collection], names: dict[str, str]) -> Table:
    columns = (
        Column("Council"),
        Column("Latest received"),
        Column("Rows", numeric=True),
        Column("Accepted share", numeric=True),
        Column("Rows, change", numeric=True),
        Column("Persons", numeric=True),
        Column("Persons, change", numeric=True),
        Column("Valid cells", numeric=True),
        Column("Refused so far", numeric=True),
    )
    rows = []
    for code, name in names.items():
        sent = own[code].submissions
        done = [row for row in checked(sent) if row["totals"]]
        latest = done[-1] if done else None
        now = latest["totals"] if latest else {}
        before = done[-2]["totals"] if len(done) > 1 else {}
        rate = (own[code].rate(now.get("submission_id")) if now else None) or {}
        rows.append(
            (
                name,
                latest["received_at"] if latest else None,
                now.get("rows_judged"),
                percentage(now.get("rows_accepted"), now.get("rows_judged")),
                change(now.get("rows_judged"), before.get("rows_judged")),
                persons_shown(now.get("persons")),
                _change_shown(now.get("persons"), before.get("persons")),
                percentage(rate.get("cells_valid"), rate.get("cells_due")),
                sum(row["outcome"] == "refused" for row in sent),
            )
        )
    return Table("Latest submission of each council", columns, rows)


def _change_shown(now: int | None, before: int | None) -> str | None:
    """Return the change between two numbers as they are shown: it says no more than they."""
    shown = persons_shown(now), persons_shown(before)
    return HIDDEN if HIDDEN in shown else change(*shown)
