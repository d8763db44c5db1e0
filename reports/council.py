"""The content of a council's front page: its own submissions and nobody else's."""

from dataclasses import dataclass

from reports.charts import Trend, trend
from reports.collection import checked, total
from reports.everything import Collection
from reports.figures import Figure, council_figures
from reports.schedule import due_table
from reports.submission import stem
from reports.tables import Column, Link, Table, percentage, shown
from reports.words import OUTCOMES, RESPONSES, STATUSES, STEPS, in_words

NOTHING_SENT = "No submission has been received from this council."
NOT_CHECKED = "{} not been checked yet: the warehouse has not been built since it was received."


@dataclass(frozen=True)
class CouncilReport:
    """One council's page. `facts` are (label, value) pairs, `notes` sentences for the top."""

    code: str
    name: str
    notes: list[str]
    facts: list[tuple[str, object]]
    submissions: Table
    not_landed: Table
    due: Table
    acceptance: Trend
    validity: Trend
    figures: list[Figure]
    period: str | None
    persons: Table


def council_report(own: Collection, code: str, name: str) -> CouncilReport:
    """Compose the page of one council; `own` holds its rows and no other's."""
    sent = own.submissions
    return CouncilReport(
        code=code,
        name=name,
        notes=_notes(sent),
        facts=_facts(own),
        submissions=_submissions(own),
        not_landed=_not_landed(sent),
        due=due_table(own.monitored),
        acceptance=acceptance_trend(sent),
        validity=validity_trend(own),
        figures=council_figures(own.figures),
        period=_period(sent),
        persons=_persons(own.persons),
    )


def acceptance_trend(sent: list[dict]) -> Trend:
    """Return the share of rows accepted, submission by submission."""
    shares = [
        (row["received_at"], row["accepted"], row["accepted"] + row["quarantined"])
        for row in checked(sent)
    ]
    return trend("Rows accepted, by submission", shares)


def validity_trend(own: Collection) -> Trend:
    """Return the share of valid cells, submission by submission."""
    shares = []
    for row in own.submissions:
        rate = own.rate(row["submission_id"])
        if rate:
            shares.append((row["received_at"], rate["cells_valid"], rate["cells_due"]))
    return trend("Valid cells, by submission", shares)


def _notes(sent: list[dict]) -> list[str]:
    if not sent:
        return [NOTHING_SENT]
    waiting = [row for row in sent if row["outcome"] == "landed" and row["accepted"] is None]
    if not waiting:
        return []
    what = "1 submission has" if len(waiting) == 1 else f"{len(waiting)} submissions have"
    return [NOT_CHECKED.format(what)]


def _facts(own: Collection) -> list[tuple[str, object]]:
    done = checked(own.submissions)
    latest = done[-1:]
    accepted, aside = total(latest, "accepted"), total(latest, "quarantined")
    rate = (own.rate(latest[0]["submission_id"]) if latest else None) or {}
    traced = total([row for row in own.persons if row["trace_step"] != "none"], "persons")
    known = total(own.persons, "persons")
    return [
        ("Submissions received", len(own.submissions)),
        ("Rows accepted, latest", percentage(accepted, accepted + aside)),
        ("Valid cells, latest", percentage(rate.get("cells_valid"), rate.get("cells_due"))),
        ("Persons", known if own.persons else None),
        ("Persons linked to an NHS number", percentage(traced, known)),
    ]


def _submissions(own: Collection) -> Table:
    columns = (
        Column("Received"),
        Column("File"),
        Column("Sheet"),
        Column("Outcome"),
        Column("Rows read", numeric=True),
        Column("Accepted", numeric=True),
        Column("Set aside", numeric=True),
        Column("Accepted share", numeric=True),
        Column("Valid cells", numeric=True),
    )
    rows = []
    for row in reversed(own.submissions):
        day = shown(row["received_at"])
        landed = row["outcome"] == "landed"
        rate = own.rate(row["submission_id"]) or {}
        rows.append(
            (
                Link(day, f"{stem(row)}.html") if landed else day,
                row["file_name"],
                row["sheet_name"],
                in_words(OUTCOMES, row["outcome"]),
                row["rows_read"],
                row["accepted"],
                row["quarantined"],
                percentage(row["accepted"], row["rows_read"]),
                percentage(rate.get("cells_valid"), rate.get("cells_due")),
            )
        )
    return Table("Submissions received, newest first", columns, rows, NOTHING_SENT)


def _not_landed(sent: list[dict]) -> Table:
    columns = (Column("File"), Column("Received"), Column("Outcome"), Column("Why, what to do"))
    rows = [
        (row["file_name"], row["received_at"], in_words(OUTCOMES, row["outcome"]), row["reason"])
        for row in sent
        if row["outcome"] != "landed"
    ]
    return Table("Files of which nothing landed", columns, rows, "Every file landed.")


def _period(sent: list[dict]) -> str | None:
    """Return the months that the latest submission covers, in words."""
    known = [row["totals"] for row in sent if row["totals"] and row["totals"]["period_start"]]
    if not known:
        return None
    return f"{shown(known[-1]['period_start'])} to {shown(known[-1]['period_end'])}"


def _persons(counted: list[dict]) -> Table:
    columns = (
        Column("How the person was traced"),
        Column("NHS number status"),
        Column("Response"),
        Column("Persons", numeric=True),
    )
    rows = [
        (
            in_words(STEPS, row["trace_step"]),
            in_words(STATUSES, row["nhs_number_status_code"], code=True),
            in_words(RESPONSES, row["response_code"], code=True),
            row["persons"],
        )
        for row in counted
    ]
    return Table("Persons by trace outcome", columns, rows, "No person has been traced yet.")
