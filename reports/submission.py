"""The content of one submission's report: what was found, and what changed since the last one."""

from dataclasses import dataclass

from reports.charts import Bar, Bars
from reports.collection import of_submission
from reports.everything import Collection
from reports.source import field_label, rule
from reports.tables import (
    Column,
    Table,
    change,
    percentage,
    severity_label,
    severity_tag,
    shown,
)

NOT_CHECKED = "This submission has not been checked yet: nothing was built since it was received."
_RANK = {"error": 0, "warning": 1, "info": 2}
_BARS = 15
_TOTALS = (
    ("rows_judged", "Rows checked"),
    ("rows_accepted", "Rows accepted"),
    ("rows_set_aside", "Rows set aside"),
    ("persons", "Persons"),
    ("carers", "Unpaid carers among them"),
    ("requests", "Requests"),
    ("assessments", "Assessments"),
    ("services", "Services"),
    ("services_open", "Services without an end date"),
    ("reviews", "Reviews"),
)
_EVENT_TYPES = ("Request", "Assessment", "Service", "Review")
_RESULTS = {
    1: "Valid",
    0: "Blank, not mandatory",
    -1: "Blank, mandatory",
    -7: "Release 1 value",
}


@dataclass(frozen=True)
class SubmissionReport:
    """One submission's report. `facts` are (label, value) pairs, `notes` sentences for the top."""

    la_code: str
    council: str
    submission: dict
    stem: str
    notes: list[str]
    facts: list[tuple[str, object]]
    totals: Table
    compared: Table
    by_rule: Table
    by_field: Table
    by_all: Table
    fields: Table
    values: Table
    validity: Bars


def stem(submission: dict) -> str:
    """Return the name of a submission's files: day of receipt and the start of its id."""
    return f"{submission['received_at']:%Y-%m-%d}-{submission['submission_id'][:8]}"


def submission_report(own: Collection, submission: dict, council: str) -> SubmissionReport:
    """Compose the report of one submission; `own` holds its council's rows and no other's."""
    key = submission["submission_id"]
    totals = submission["totals"]
    previous = _previous(own, totals)
    is_checked = submission["accepted"] is not None
    empty = "No findings." if is_checked else NOT_CHECKED
    return SubmissionReport(
        la_code=submission["la_code"],
        council=council,
        submission=submission,
        stem=stem(submission),
        notes=[] if is_checked else [NOT_CHECKED],
        facts=_facts(own, submission),
        totals=_totals(totals, previous),
        compared=_compared(totals),
        by_rule=_by_rule(own, key, previous, empty),
        by_field=_by_field(of_submission(own.by_field, key), empty),
        by_all=_by_all(of_submission(own.by_all, key), empty),
        fields=_fields(own, key),
        values=_values(of_submission(own.values, key)),
        validity=_validity(own, key),
    )


def _previous(own: Collection, totals: dict | None) -> dict | None:
    wanted = totals["previous_submission_id"] if totals else None
    found = (row for row in own.submissions if row["submission_id"] == wanted)
    return next((row["totals"] for row in found), None)


def _facts(own: Collection, submission: dict) -> list[tuple[str, object]]:
    accepted, aside = submission["accepted"], submission["quarantined"]
    rate = own.rate(submission["submission_id"]) or {}
    everyone = own.comparator()
    return [
        ("Rows read", submission["rows_read"]),
        ("Rows accepted", percentage(accepted, (accepted or 0) + (aside or 0))),
        ("Rows set aside", aside),
        ("Valid cells", percentage(rate.get("cells_valid"), rate.get("cells_due"))),
        ("Valid cells, all councils", None if everyone is None else f"{everyone:.0%}"),
    ]


def _totals(now: dict | None, before: dict | None) -> Table:
    columns = (
        Column("Total", width=36),
        Column("This submission", numeric=True),
        Column("The one before", numeric=True),
        Column("Change", numeric=True),
    )
    rows = [
        (
            label,
            now[name],
            before[name] if before else None,
            change(now[name], before[name] if before else None),
        )
        for name, label in _TOTALS
        if now
    ]
    return Table("Totals to compare with your own system", columns, rows, NOT_CHECKED)


def _compared(now: dict | None) -> Table:
    columns = (Column("Events of the months that both cover", width=44), Column("Events", True))
    if not now or now["overlap_start"] is None:
        empty = "There is no earlier submission that covers any of the same months."
        return Table("Events since the submission before", columns, [], empty)
    months = f"{shown(now['overlap_start'])} to {shown(now['overlap_end'])}"
    rows = [
        ("In both", now["events_kept"]),
        ("In this one only: entered late, or corrected", now["events_added"]),
        ("In the one before only: removed, or corrected", now["events_gone"]),
    ]
    return Table(f"Events since the submission before, {months}", columns, rows)


def _by_rule(own: Collection, key: str, previous: dict | None, empty: str) -> Table:
    before = {
        row["rule_id"]: row
        for row in of_submission(own.by_rule, previous["submission_id"] if previous else None)
    }
    now = {row["rule_id"]: row for row in of_submission(own.by_rule, key)}
    nothing = {"rows": 0, "findings": 0}
    columns = (
        Column("What was found", width=50),
        Column("What to do", width=40),
        Column("Severity", width=10),
        Column("Rows", numeric=True, width=10),
        Column("Before", numeric=True, width=10),
        Column("Change", numeric=True, width=10),
    )
    rows = []
    for row in sorted((before | now).values(), key=_worst):
        rule_id = row["rule_id"]
        found = now.get(rule_id, nothing)["rows"]
        earlier = before.get(rule_id, nothing)["rows"] if previous else None
        rows.append(
            (
                rule(rule_id).sentence,
                rule(rule_id).what_to_do,
                severity_tag(row["severity"]),
                found or (None if rule_id in now else 0),
                earlier,
                change(found, earlier),
            )
        )
    return Table("Findings by rule", columns, rows, empty)


def _by_field(found: list[dict], empty: str) -> Table:
    columns = (
        Column("Field", width=34),
        *(Column(kind, numeric=True) for kind in _EVENT_TYPES),
        Column("No event type", numeric=True),
        Column("Errors", numeric=True),
        Column("Warnings", numeric=True),
    )
    fields: dict[str, list[dict]] = {}
    for row in found:
        if row["errors"] or row["warnings"]:
            fields.setdefault(_label(row), []).append(row)
    rows = []
    for label, counted in fields.items():
        serious = dict.fromkeys((*_EVENT_TYPES, None), 0)
        for row in counted:
            kind = row["event_type"] if row["event_type"] in _EVENT_TYPES else None
            serious[kind] += row["errors"] + row["warnings"]
        errors = sum(row["errors"] for row in counted)
        warnings = sum(row["warnings"] for row in counted)
        rows.append((label, *serious.values(), errors, warnings))
    rows.sort(key=lambda row: (-row[-2], -row[-1], row[0]))
    return Table("Errors and warnings by field and event type", columns, rows, empty)


def _by_all(found: list[dict], empty: str) -> Table:
    columns = (
        Column("Severity", width=10),
        Column("Field", width=28),
        Column("Event type", width=13),
        Column("What was found", width=44),
        Column("What to do", width=34),
        Column("Rows", numeric=True, width=8),
        Column("Rule id", width=26),
    )
    # What was merely noted about a file's columns is told once, not fifty times.
    rows = [
        (
            severity_label(row["severity"]),
            _label(row),
            row["event_type"],
            rule(row["rule_id"]).sentence,
            rule(row["rule_id"]).what_to_do,
            row["rows"] or None,
            row["rule_id"],
        )
        for row in sorted(_files_notes_once(found), key=_worst)
    ]
    return Table("Findings by field and event type", columns, rows, empty)


def _files_notes_once(found: list[dict]) -> list[dict]:
    of_file = {
        row["rule_id"]: row | {"field": None}
        for row in found
        if row["severity"] == "info" and not row["of_row"]
    }
    kept = [row for row in found if row["rule_id"] not in of_file or row["of_row"]]
    return [*kept, *of_file.values()]


def _label(row: dict) -> str:
    of_column = not row["of_row"] and row["field"] is not None
    return field_label(row["field"], row["of_row"]) + (" (column)" if of_column else "")


def _worst(row: dict) -> tuple:
    return (
        _RANK.get(row["severity"], 0),
        -row["rows"],
        row["rule_id"],
        row.get("field") or "",
        row.get("event_type") or "",
    )


def _fields(own: Collection, key: str) -> Table:
    columns = (
        Column("Field", width=34),
        Column("Cells due", numeric=True),
        Column("Valid", numeric=True),
        Column("Blank, mandatory", numeric=True),
        Column("Valid share", numeric=True),
        Column("All councils", numeric=True),
    )
    rows = []
    for row in _rates(own, key):
        everyone = own.comparator(row["field"])
        rows.append(
            (
                field_label(row["field"]),
                row["cells_due"],
                row["cells_valid"],
                row["cells_missing"],
                percentage(row["cells_valid"], row["cells_due"]),
                None if everyone is None else f"{everyone:.0%}",
            )
        )
    return Table("Valid cells by field, fewest first", columns, rows, NOT_CHECKED)


def _rates(own: Collection, key: str) -> list[dict]:
    found = [row for row in of_submission(own.rates, key) if row["field"] and row["cells_due"]]
    return sorted(found, key=lambda row: (row["cells_valid"] / row["cells_due"], row["field"]))


def _validity(own: Collection, key: str) -> Bars:
    bars = [
        Bar(
            label=field_label(row["field"]),
            share=row["cells_valid"] / row["cells_due"],
            text=f"{percentage(row['cells_valid'], row['cells_due'])} of {row['cells_due']:,}",
            marker=own.comparator(row["field"]),
        )
        for row in _rates(own, key)
        if row["cells_valid"] < row["cells_due"]
    ]
    return Bars("Fields with the fewest valid cells", bars[:_BARS], "all councils together")


def _values(found: list[dict]) -> Table:
    columns = (
        Column("Module", width=30),
        Column("Field", width=34),
        Column("Result", width=24),
        Column("Listed value", width=50),
        Column("Cells", numeric=True),
    )
    rows = [
        (
            row["module"],
            field_label(row["field"]),
            _RESULTS.get(row["check_result"], "Invalid"),
            row["value"],
            row["count"],
        )
        for row in sorted(
            found, key=lambda r: (r["field"], r["check_result"], -r["count"], r["value"] or "")
        )
    ]
    return Table("Cells by field, result and value", columns, rows, NOT_CHECKED)
