"""The collection in numbers: what each council sent, what was found, who was traced."""

from reports.source import Source

SUBMISSIONS = "identifiable.landing.submissions"
VALIDATED = "identifiable.intermediate.int_rows_validated"
FINDINGS = "identifiable.intermediate.int_validation_findings"
PERSONS = "identifiable.intermediate.int_persons_traced"

_SUBMISSIONS = f"""
select
    sender_la_code as la_code, submission_id, file_name, sheet_name, received_at, outcome, reason,
    rows_read
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
    submissions.sender_la_code as la_code, findings.{{what}}, count(*) as findings,
    count(distinct (findings.submission_id, findings.row_number))
        filter (where findings.row_number is not null) as rows,
    count(distinct findings.submission_id) as submissions,
    count(*) filter (where findings.severity = 'error') as errors,
    count(*) filter (where findings.severity = 'warning') as warnings,
    count(*) filter (where findings.severity = 'info') as notes
from (select *, row_number is not null as of_row from {FINDINGS}) as findings
inner join {SUBMISSIONS} as submissions using (submission_id)
group by submissions.sender_la_code, findings.{{what}}
order by all"""
# A sensitive index record (code 92) reads as any other that was found: no report may mark it.
_PERSONS = f"""
select la_code, trace_step, nhs_number_status_code,
    case response_code when '92' then '00' else response_code end as response_code,
    count(*) as persons
from {PERSONS} group by all order by all"""


def submissions(source: Source) -> list[dict]:
    """Return every submission with its birth certificate and `accepted`, `quarantined`.

    Both are None for a submission that landed but was not checked: there was no build since.
    """
    judged = {row["submission_id"]: row for row in source.read(_JUDGED, VALIDATED)}
    listed = source.read(_SUBMISSIONS, SUBMISSIONS)
    for row in listed:
        found = judged.get(row["submission_id"], {})
        row["accepted"], row["quarantined"] = found.get("accepted"), found.get("quarantined")
    return listed


def findings(source: Source, *what: str) -> list[dict]:
    """Return findings counted by council and `what` (columns of the findings).

    Each row: la_code, the columns, findings, rows, submissions, errors, warnings, notes. A finding
    about a whole file has no row.
    """
    query = _FINDINGS.format(what=", findings.".join(what))
    return source.read(query, FINDINGS, SUBMISSIONS)


def persons(source: Source) -> list[dict]:
    """Return persons counted by council, trace step, NHS number status and response code."""
    return source.read(_PERSONS, PERSONS)


def of_council(rows: list[dict], code: str) -> list[dict]:
    """Return the rows of one council."""
    return [row for row in rows if row["la_code"] == code]


def total(rows: list[dict], name: str) -> int:
    """Return the sum of a column, None counting as nothing."""
    return sum(row[name] or 0 for row in rows)


def checked(rows: list[dict]) -> list[dict]:
    """Return the submissions whose rows were checked and that have any."""
    return [row for row in rows if (row["accepted"] or 0) + (row["quarantined"] or 0)]
