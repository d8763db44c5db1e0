"""The rows that a council is asked to mend, by its own ids: for its encrypted workbook only.

An id or value is withheld where it holds what no report may show: the row's own NHS number, name,
date of birth or postcode, a name of the same file, or anything that passes as an NHS number; and on
a row that carries another council's code, whose client the sender may not know.
"""

from functools import cache

from reports.collection import FINDINGS, VALIDATED
from reports.source import Source, field_label, fields_with_values_shown, rule
from reports.tables import Column, Table, severity_label

LANDED_ROWS = "identifiable.landing.submission_rows"
WITHHELD = "withheld"
_COLUMNS = (
    Column("Sheet row", numeric=True, width=9),
    Column("Event reference", width=18),
    Column("LA id", width=16),
    Column("Event type", width=13),
    Column("Row was", width=11),
    Column("Severity", width=10),
    Column("Field", width=24),
    Column("Value sent", width=24),
    Column("What was found", width=46),
    Column("Only because", width=30),
)
_VALUE_COLUMNS = (
    Column("Field", width=26),
    Column("Event type", width=13),
    Column("Value sent", width=34),
    Column("Severity", width=10),
    Column("What was found", width=46),
    Column("What to do", width=34),
    Column("Rows", numeric=True, width=10),
)
_KEPT = {"accepted": "Accepted", "quarantined": "Set aside"}
_LONGEST_VALUE = 80


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


def _value_shown(column: str) -> str:
    """Return SQL of a cell as a report may show it: columns may have slipped, so it is stricter."""
    plain = _plain(column)
    return f"""
    case
        when {column} is null then null
        when
            is_foreign
            or len(list_filter(secrets, lambda secret: contains({plain}, secret))) > 0
            or {plain} in (select name from names)
            or regexp_matches({plain}, '[0-9]{{9}}')
            or regexp_matches({plain}, '^[A-Z]{{1,2}}[0-9][A-Z0-9]?[0-9][A-Z]{{2}}$')
            or regexp_matches({column}, '[0-9]{{1,4}}[-/. ][0-9]{{1,2}}[-/. ][0-9]{{1,4}}')
            then '{WITHHELD}'
        else left({column}, {_LONGEST_VALUE})
    end"""


@cache
def _query() -> str:
    cells = " ".join(f"when '{name}' then landed.{name}" for name in fields_with_values_shown())
    return f"""
with names as (
    select distinct unnest([
        {_plain("first_name")}, {_plain("last_name")},
        {_plain("concat(first_name, last_name)")}, {_plain("concat(last_name, first_name)")}
    ]) as name
    from {LANDED_ROWS} where submission_id = $1
),
judged as (
    select
        rows.row_number, rows.outcome, rows.event_reference, rows.la_person_unique_identifier,
        rows.event_type, findings.field, findings.severity, findings.rule_id,
        contains(coalesce(rows.reasons, ''), 'other_council') as is_foreign,
        [{_SECRETS}] as secrets,
        findings.consequence_of,
        case findings.field {cells} end as value
    from {VALIDATED} as rows
    left join {LANDED_ROWS} as landed using (submission_id, row_number)
    left join {FINDINGS} as findings
        on rows.submission_id = findings.submission_id
        and rows.row_number = findings.row_number
        and findings.severity <> 'info'
    where
        rows.submission_id = $1
        and (findings.rule_id is not null or rows.outcome = 'quarantined')
)
select
    row_number, {_shown("event_reference")}, {_shown("la_person_unique_identifier")}, event_type,
    outcome, severity, field, {_value_shown("value")}, rule_id,
    consequence_of
from judged
order by
    row_number, array_position(['error', 'warning'], severity), field, rule_id"""


def failing_rows(source: Source, submission_id: str) -> tuple[Table, Table]:
    """Return a submission's failing rows, one per row and finding, and the values behind them.

    Failing: set aside, or with an error or warning. The second table counts findings by field,
    event type and value. Both are empty where the warehouse is not built.
    """
    rows: list[tuple] = []
    counted: dict[tuple, int] = {}
    if source.has(VALIDATED, FINDINGS, LANDED_ROWS):
        found = source.connection.execute(_query(), [submission_id]).fetchall()
        for number, event, person, event_type, outcome, severity, field, value, *told in found:
            rule_id, consequence_of = told
            words, label = rule(rule_id), field_label(field)
            severity = severity_label(severity or "error")
            kept = _KEPT.get(outcome, outcome)
            rows.append(
                (
                    *(number, event, person, event_type, kept, severity, label, value),
                    words.sentence,
                    _causes(consequence_of),
                )
            )
            key = (label, event_type, value, severity, words.sentence, words.what_to_do)
            counted[key] = counted.get(key, 0) + 1
    values = [(*key, count) for key, count in sorted(counted.items(), key=_most_first)]
    return (
        Table("Failing rows", _COLUMNS, rows, "No row fails."),
        Table("Findings by field, event type and value", _VALUE_COLUMNS, values, "No row fails."),
    )


def _causes(consequence_of: str | None) -> str | None:
    """Return the sentences of the findings that a finding only follows from."""
    if not consequence_of:
        return None
    return " ".join(rule(rule_id).sentence for rule_id in consequence_of.split("; "))


def _most_first(item: tuple[tuple, int]) -> tuple:
    key, count = item
    return (-count, *(str(part or "") for part in key))
