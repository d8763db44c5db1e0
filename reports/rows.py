"""The rows that a council is asked to look at, by its own ids: for its workbook only.

An id is withheld where it holds what no report may show: the row's own NHS number, name, date of
birth or postcode, or anything that passes as an NHS number; and on a row that carries another
council's code, whose client the sender may not know.
"""

from collections.abc import Iterator

from reports.collection import FINDINGS, SUBMISSIONS, VALIDATED
from reports.source import Source, field_label, rule
from reports.tables import Column, severity_label

LANDED_ROWS = "identifiable.landing.submission_rows"
WITHHELD = "withheld"
COLUMNS = (
    Column("Submission file", width=32),
    Column("Sheet", width=14),
    Column("Sheet row", numeric=True, width=9),
    Column("Row was", width=11),
    Column("Event reference", width=18),
    Column("LA id", width=16),
    Column("Field", width=26),
    Column("Severity", width=10),
    Column("Rule id", width=24),
    Column("What was found", width=44),
    Column("What to do", width=38),
)
_KEPT = {"accepted": "Accepted", "quarantined": "Set aside"}
_BATCH = 10_000


def _plain(text: str) -> str:
    """Return SQL that strips a text of case, accents and all but letters and digits."""
    return f"regexp_replace(upper(strip_accents({text})), '[^\\p{{L}}\\p{{N}}]', '', 'g')"


def _secret(text: str, shortest: int) -> str:
    """Return SQL of a plain text, null when it is too short to give anybody away."""
    return f"case when length({_plain(text)}) >= {shortest} then {_plain(text)} end"


_SECRETS = ", ".join(
    [
        _secret("landed.nhs_number", 7),
        _secret("landed.postcode", 5),
        _secret("landed.first_name", 3),
        _secret("landed.last_name", 3),
        _secret("landed.date_of_birth", 6),
        *(f"strftime(rows.date_of_birth, '{form}')" for form in ("%Y%m%d", "%d%m%Y", "%d%m%y")),
    ]
)


def _shown(column: str) -> str:
    """Return SQL of an id as a report may show it."""
    plain = _plain(column)
    weighted = f"(11 - place) * substr({plain}, place::bigint, 1)::integer"
    passes = f"list_sum(list_transform(range(1, 11), lambda place: {weighted})) % 11 = 0"
    return f"""
    case
        when {column} is null then null
        when is_foreign then '{WITHHELD}'
        when len(list_filter(secrets, lambda secret: contains({plain}, secret))) > 0
            then '{WITHHELD}'
        when regexp_full_match({plain}, '[0-9]{{10}}') then
            case when {passes} then '{WITHHELD}' else {column} end
        else {column}
    end"""


_ROWS = f"""
with judged as (
    select
        rows.submission_id, rows.row_number, rows.outcome, submissions.file_name,
        submissions.sheet_name, submissions.received_at, rows.event_reference,
        rows.la_person_unique_identifier,
        contains(coalesce(rows.reasons, ''), 'other_council') as is_foreign,
        [{_SECRETS}] as secrets
    from {VALIDATED} as rows
    inner join {SUBMISSIONS} as submissions using (submission_id)
    left join {LANDED_ROWS} as landed using (submission_id, row_number)
    where submissions.sender_la_code = $1
)
select
    file_name, sheet_name, row_number, outcome, {_shown("event_reference")},
    {_shown("la_person_unique_identifier")}, findings.field, findings.severity, findings.rule_id
from judged
left join {FINDINGS} as findings using (submission_id, row_number)
where findings.rule_id is not null or outcome = 'quarantined'
order by
    received_at, file_name, sheet_name, submission_id, row_number,
    array_position(['error', 'warning', 'info'], findings.severity), findings.field,
    findings.rule_id"""


def rows_to_look_at(source: Source, code: str) -> Iterator[tuple]:
    """Yield one tuple per row and finding, as `COLUMNS`: quarantined rows and rows with findings.

    Yields nothing where the warehouse is not built. Read it to its end before reading anything
    else from the same source.
    """
    if not source.has(VALIDATED, FINDINGS, SUBMISSIONS, LANDED_ROWS):
        return
    result = source.connection.execute(_ROWS, [code])
    while batch := result.fetchmany(_BATCH):
        for file, sheet, number, outcome, event, person, field, severity, rule_id in batch:
            yield (
                file,
                sheet,
                number,
                _KEPT.get(outcome, outcome),
                event,
                person,
                field_label(field),
                severity_label(severity or "error"),
                rule_id,
                rule(rule_id).sentence,
                rule(rule_id).what_to_do,
            )
