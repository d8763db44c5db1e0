"""The content of the index: counts by council, and what went out. No value of any record."""

from dataclasses import dataclass

from plugins.home import Home
from reports import releases
from reports.charts import Bar, Bars
from reports.collection import checked, of_council, total
from reports.everything import Collection
from reports.source import Source
from reports.tables import Column, Table, percentage, shown
from reports.words import STEPS

_BUILDS = "pseudonymised.governance.builds"
_LAST_BUILD = f"""
select ended_at, outcome, as_of_date, accept_test_nhs_numbers from {_BUILDS}
order by started_at desc limit 1"""
NOT_BUILT = "The warehouse has not been built yet: run `asc land` and `dbt build`."
NOTHING_LANDED = "No submission has been received yet."
_TEST_NUMBERS = "This build accepts test NHS numbers: it is not for real data."
_UNKNOWN = "Not a submitting council"


@dataclass(frozen=True)
class Overview:
    """The index. `facts` are (label, value) pairs, `notes` sentences for the top."""

    notes: list[str]
    facts: list[tuple[str, object]]
    councils: Table
    bars: Bars
    persons: Table
    releases: Table
    utility: Table
    other_entries: Table


def overview(home: Home, source: Source, everything: Collection, names: dict[str, str]) -> Overview:
    """Compose the index for the councils `names` (code -> name)."""
    builds = source.read(_LAST_BUILD, _BUILDS)
    listed = releases.ledger_entries(source)
    return Overview(
        notes=_notes(everything, builds),
        facts=_facts(everything, listed),
        councils=_councils(everything, names),
        bars=_bars(everything, names),
        persons=_persons(everything, names),
        releases=releases.releases(home, listed),
        utility=releases.utility(home, listed),
        other_entries=releases.other_entries(listed),
    )


def _notes(everything: Collection, builds: list[dict]) -> list[str]:
    if not builds:
        return [NOT_BUILT] if everything.submissions else [NOTHING_LANDED, NOT_BUILT]
    build = builds[0]
    text = f"Last build: {build['outcome']}"
    if build["ended_at"]:
        text += f", on {shown(build['ended_at'])}"
    if build["as_of_date"]:
        text += f", as of {shown(build['as_of_date'])}"
    return [f"{text}.", *([_TEST_NUMBERS] if build["accept_test_nhs_numbers"] else [])]


def _facts(everything: Collection, listed: list[dict]) -> list[tuple[str, object]]:
    sent, persons = everything.submissions, everything.persons
    accepted, quarantined = total(sent, "accepted"), total(sent, "quarantined")
    linked = total([row for row in persons if row["trace_step"] != "none"], "persons")
    return [
        ("Submissions received", len(sent)),
        ("Rows read", total(sent, "rows_read")),
        ("Rows accepted", percentage(accepted, accepted + quarantined)),
        ("Persons", total(persons, "persons") if persons else None),
        ("Persons linked to an NHS number", percentage(linked, total(persons, "persons"))),
        ("Releases issued", len(releases.ledger.live_releases(listed))),
    ]


def _councils(everything: Collection, names: dict[str, str]) -> Table:
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
        _council_row(of_council(everything.submissions, code), name, code)
        for code, name in names.items()
    ]
    strangers = [row for row in everything.submissions if row["la_code"] not in names]
    if strangers:
        rows.append(_council_row(strangers, _UNKNOWN, None))
    rows.append(_council_row(everything.submissions, "All", None))
    return Table("Submissions by council", columns, rows)


def _council_row(sent: list[dict], name: str, code: str | None) -> tuple:
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


def _persons(everything: Collection, names: dict[str, str]) -> Table:
    columns = (
        Column("Council"),
        *(Column(step, numeric=True) for step in STEPS.values()),
        Column("Persons", numeric=True),
        Column("Linked share", numeric=True),
    )
    rows = [_person_row(of_council(everything.persons, code), name) for code, name in names.items()]
    rows = [*rows, _person_row(everything.persons, "All")] if everything.persons else []
    return Table("Persons by trace step", columns, rows, "No person has been traced yet.")


def _person_row(counted: list[dict], name: str) -> tuple:
    steps = [
        total([row for row in counted if row["trace_step"] == step], "persons") for step in STEPS
    ]
    persons = total(counted, "persons")
    unlinked = total([row for row in counted if row["trace_step"] == "none"], "persons")
    return name, *steps, persons, percentage(persons - unlinked, persons)
