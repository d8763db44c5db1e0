"""The collection in numbers: what each council sent, what was found, who was traced."""

from reports.source import Source

SUBMISSIONS = "identifiable.landing.submissions"
VALIDATED = "identifiable.intermediate.int_rows_validated"
FINDINGS = "identifiable.intermediate.int_validation_findings"
PERSONS = "identifiable.intermediate.int_persons_traced"
TOTALS = "pseudonymised.marts.submission_totals"
RATES = "pseudonymised.marts.data_quality_rates"
COMPARATORS = "pseudonymised.marts.data_quality_comparators"
VALUES = "pseudonymised.marts.data_quality_values"
FIGURES = "pseudonymised.marts.council_figures"
MONITORED = "pseudonymised.marts.submissions_monitored"

_SUBMISSIONS = f"""
select
    sender_la_code as la_code, submission_id, file_name, sheet_name, received_at, outcome, reason,
    rows_read, specification_version
from {SUBMISSIONS}
order by received_at, file_name, sheet_name, submission_id"""
_JUDGED = f"""
select
    submission_id,
    count(*) filter (where outcome = 'accepted') as accepted,
    count(*) filter (where outcome = 'quarantined') as quarantined
from {VALIDATED} group by submission_id"""
_FINDINGS = f"""
select
    submissions.sender_la_code as la_code, findings.submission_id, {{what}},
    count(*) as findings,
    count(distinct findings.row_number) as rows,
    count(*) filter (where findings.severity = 'error') as errors,
    count(*) filter (where findings.severity = 'warning') as warnings,
    count(*) filter (where findings.severity = 'info') as notes
from (
    select findings.*, findings.row_number is not null as of_row, rows.event_type
    from {FINDINGS} as findings
    left join {VALIDATED} as rows using (submission_id, row_number)
) as findings
inner join {SUBMISSIONS} as submissions using (submission_id)
group by all
order by all"""
# A sensitive index record (code 92) reads as any other that was found: no report may mark it.
_PERSONS = f"""
select la_code, trace_step, nhs_number_status_code,
    case response_code when '92' then '00' else response_code end as response_code,
    count(*) as persons
from {PERSONS} group by all order by all"""


def submissions(source: Source) -> list[dict]:
    """Return every submission with its birth certificate and `accepted`, `quarantined`, `totals`.

    All three are None for a submission that landed but was not checked: no build since.
    """
    judged = {row["submission_id"]: row for row in source.read(_JUDGED, VALIDATED)}
    totals = {row["submission_id"]: row for row in source.read(f"select * from {TOTALS}", TOTALS)}
    listed = source.read(_SUBMISSIONS, SUBMISSIONS)
    for row in listed:
        found = judged.get(row["submission_id"], {})
        row["accepted"], row["quarantined"] = found.get("accepted"), found.get("quarantined")
        row["totals"] = totals.get(row["submission_id"])
    return listed


def findings(source: Source, *what: str) -> list[dict]:
    """Return findings counted by council, submission and `what` (columns of the findings).

    Each row: la_code, submission_id, the columns, findings, rows, errors, warnings, notes. A
    finding about a whole file has no row.
    """
    query = _FINDINGS.format(what=", ".join(f"findings.{column}" for column in what))
    return source.read(query, FINDINGS, SUBMISSIONS, VALIDATED)


def persons(source: Source) -> list[dict]:
    """Return persons counted by council, trace step, NHS number status and response code."""
    return source.read(_PERSONS, PERSONS)


def marts(source: Source, table: str) -> list[dict]:
    """Return all rows of a data-quality mart; [] before it is built."""
    return source.read(f"select * from {table} order by all", table)


def of_council(rows: list[dict], code: str) -> list[dict]:
    """Return the rows of one council."""
    return [row for row in rows if row["la_code"] == code]


def of_submission(rows: list[dict], submission_id: str | None) -> list[dict]:
    """Return the rows of one submission."""
    return [row for row in rows if row["submission_id"] == submission_id]


def total(rows: list[dict], name: str) -> int:
    """Return the sum of a column, None counting as nothing."""
    return sum(row[name] or 0 for row in rows)


def checked(rows: list[dict]) -> list[dict]:
    """Return the submissions whose rows were checked and that have any."""
    return [row for row in rows if (row["accepted"] or 0) + (row["quarantined"] or 0)]
