"""The content of one council's report: its own submissions and nobody else's."""

from dataclasses import dataclass

from reports import collection
from reports.collection import checked, of_council, total
from reports.source import Source, field_label, rule
from reports.tables import Bar, Column, Table, acceptance_bar, percentage, severity_label
from reports.words import OUTCOMES, RESPONSES, STATUSES, STEPS, in_words

_BARS = 24
_RANK = {"error": 0, "warning": 1, "info": 2}
NOTHING_SENT = "No submission has been received from this council."
NOT_CHECKED = "{} not been checked yet: the warehouse has not been built since it was received."
NOT_FOUND_YET = "No findings, because no row has been checked yet."


@dataclass(frozen=True)
class Collection:
    """The aggregates of all councils, each a list of dictionaries with `la_code`."""

    submissions: list[dict]
    by_rule: list[dict]
    by_field: list[dict]
    by_rule_and_field: list[dict]
    persons: list[dict]

    @classmethod
    def read(cls, source: Source) -> "Collection":
        """Read them all, once."""
        return cls(
            collection.submissions(source),
            collection.findings(source, "rule_id", "severity"),
            collection.findings(source, "field", "of_row"),
            collection.findings(source, "rule_id", "severity", "field", "of_row"),
            collection.persons(source),
        )


@dataclass(frozen=True)
class CouncilReport:
    """One council's report. `facts` are (label, value) pairs, `notes` sentences for the top."""

    code: str
    name: str
    notes: list[str]
    facts: list[tuple[str, object]]
    submissions: Table
    not_landed: Table
    bars: list[Bar]
    by_rule: Table
    by_field: Table
    by_rule_and_field: Table
    persons: Table


def council_report(everything: Collection, code: str, name: str) -> CouncilReport:
    """Compose the report of one council."""
    sent = of_council(everything.submissions, code)
    persons = of_council(everything.persons, code)
    done = checked(sent)
    empty = "No findings." if done else NOT_FOUND_YET
    return CouncilReport(
        code=code,
        name=name,
        notes=_notes(sent),
        facts=_facts(sent, persons),
        submissions=_submissions(sent),
        not_landed=_not_landed(sent),
        bars=[
            acceptance_bar(
                row["file_name"],
                row["accepted"],
                row["accepted"] + row["quarantined"],
                row["received_at"],
            )
            for row in done[-_BARS:]
        ],
        by_rule=_by_rule(of_council(everything.by_rule, code), empty),
        by_field=_by_field(of_council(everything.by_field, code), empty),
        by_rule_and_field=_by_rule_and_field(of_council(everything.by_rule_and_field, code), empty),
        persons=_persons(persons),
    )


def _notes(sent: list[dict]) -> list[str]:
    if not sent:
        return [NOTHING_SENT]
    waiting = [row for row in sent if row["outcome"] == "landed" and row["accepted"] is None]
    if not waiting:
        return []
    what = "1 submission has" if len(waiting) == 1 else f"{len(waiting)} submissions have"
    return [NOT_CHECKED.format(what)]


def _facts(sent: list[dict], persons: list[dict]) -> list[tuple[str, object]]:
    accepted, quarantined = total(sent, "accepted"), total(sent, "quarantined")
    traced = total([row for row in persons if row["trace_step"] != "none"], "persons")
    known = total(persons, "persons")
    return [
        ("Submissions received", len(sent)),
        ("Rows read", total(sent, "rows_read")),
        ("Rows accepted", percentage(accepted, accepted + quarantined)),
        ("Rows set aside", quarantined if checked(sent) else None),
        ("Persons", known if persons else None),
        ("Persons linked to an NHS number", percentage(traced, known)),
    ]


def _submissions(sent: list[dict]) -> Table:
    columns = (
        Column("File", width=36),
        Column("Sheet", width=16),
        Column("Received", width=18),
        Column("Outcome", width=12),
        Column("Rows read", numeric=True),
        Column("Accepted", numeric=True),
        Column("Set aside", numeric=True),
        Column("Accepted share", numeric=True),
    )
    rows = [
        (
            row["file_name"],
            row["sheet_name"],
            row["received_at"],
            in_words(OUTCOMES, row["outcome"]),
            row["rows_read"],
            row["accepted"],
            row["quarantined"],
            percentage(row["accepted"], row["rows_read"]),
        )
        for row in sent
    ]
    return Table("Submissions received", columns, rows, NOTHING_SENT)


def _not_landed(sent: list[dict]) -> Table:
    columns = (
        Column("File", width=36),
        Column("Received", width=18),
        Column("Outcome", width=12),
        Column("Why, and what to do", width=60),
    )
    rows = [
        (row["file_name"], row["received_at"], in_words(OUTCOMES, row["outcome"]), row["reason"])
        for row in sent
        if row["outcome"] != "landed"
    ]
    return Table("Files of which nothing landed", columns, rows, "Every file landed.")


def _by_rule(found: list[dict], empty: str) -> Table:
    columns = (
        Column("What was found", width=50),
        Column("What to do", width=40),
        Column("Severity", width=10),
        Column("Rows", numeric=True, width=10),
        Column("Submissions", numeric=True, width=12),
    )
    rows = [
        (
            rule(row["rule_id"]).sentence,
            rule(row["rule_id"]).what_to_do,
            severity_label(row["severity"]),
            row["rows"] or None,
            row["submissions"],
        )
        for row in sorted(found, key=_worst_first)
    ]
    return Table("Findings by rule", columns, rows, empty)


def _by_field(found: list[dict], empty: str) -> Table:
    columns = (
        Column("Field", width=34),
        Column("Errors", numeric=True),
        Column("Warnings", numeric=True),
        Column("Notes", numeric=True),
        Column("Rows", numeric=True),
    )
    rows = [
        (
            field_label(row["field"], row["of_row"])
            + ("" if row["of_row"] or row["field"] is None else " (column)"),
            row["errors"],
            row["warnings"],
            row["notes"],
            row["rows"] or None,
        )
        for row in sorted(found, key=lambda row: (-row["errors"], -row["warnings"], -row["notes"]))
    ]
    return Table("Findings by field", columns, rows, empty)


def _by_rule_and_field(found: list[dict], empty: str) -> Table:
    columns = (
        Column("Severity", width=10),
        Column("Field", width=30),
        Column("Rule id", width=28),
        Column("What was found", width=48),
        Column("What to do", width=40),
        Column("Rows", numeric=True, width=10),
        Column("Submissions", numeric=True, width=12),
    )
    rows = [
        (
            severity_label(row["severity"]),
            field_label(row["field"], row["of_row"]),
            row["rule_id"],
            rule(row["rule_id"]).sentence,
            rule(row["rule_id"]).what_to_do,
            row["rows"] or None,
            row["submissions"],
        )
        for row in sorted(found, key=_worst_first)
    ]
    return Table("Findings by rule and field", columns, rows, empty)


def _worst_first(row: dict) -> tuple:
    return _RANK.get(row["severity"], 0), -row["rows"], row["rule_id"], row.get("field") or ""


def _persons(counted: list[dict]) -> Table:
    columns = (
        Column("How the person was traced", width=36),
        Column("NHS number status", width=36),
        Column("Response", width=36),
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
