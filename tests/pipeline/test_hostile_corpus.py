"""Each defect planted in a corpus of hostile workbooks is found, and nothing else is."""

import datetime
import os
from collections import Counter
from types import SimpleNamespace

import pytest
from built_warehouse import Warehouse, seed
from hostile_rows import CORPUS, UNLANDED

from loaders.refusals import Refusal

RULES = {row["rule_id"]: row for row in seed("specification/validation_rules")}
MONTHLY = "more_than_monthly"
OF_REPAIRS = {"person_id_backfilled"}  # a repair that is off unless a site switches it on
FIRST_RECEIVED = datetime.datetime(2017, 7, 3, 9, tzinfo=datetime.UTC)
FINDINGS = """
    select s.sender_la_code, s.file_name, f.row_number, f.field, f.rule_id
    from identifiable.intermediate.int_validation_findings f
    join identifiable.landing.submissions s using (submission_id)
"""
ROWS = """
    select s.sender_la_code, s.file_name, any_value(s.rows_read), count(r.row_number),
        count(*) filter (where v.outcome = 'accepted'),
        count(*) filter (where v.outcome = 'quarantined'),
        list(v.row_number) filter (where v.outcome = 'quarantined')
    from identifiable.landing.submissions s
    join identifiable.landing.submission_rows r using (submission_id)
    left join identifiable.intermediate.int_rows_validated v using (submission_id, row_number)
    group by 1, 2
"""


def received(place: int, file) -> datetime.datetime:
    """When a file came: an hour after the one before it, unless it says otherwise."""
    if getattr(file, "received", None):
        return file.received.replace(tzinfo=datetime.UTC)
    return FIRST_RECEIVED + datetime.timedelta(hours=place)


def sent_again_in_the_month() -> set[tuple[str, str]]:
    """Files after the first of their council and calendar month; all are about the same months."""
    again, seen = set(), set()
    for place, book in enumerate(CORPUS):
        if (None, None, "period_not_derived") in book.findings:
            continue
        month = (book.council, received(place, book).strftime("%Y-%m"))
        again |= {(book.council, book.file_name)} if month in seen else set()
        seen.add(month)
    return again


def put(warehouse: Warehouse, council: str, name: str, content: bytes, when) -> None:
    """Put a file into the inbox, received at the time given."""
    folder = warehouse.root / "inbox" / "submissions" / council
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (when.timestamp(), when.timestamp()))


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The corpus landed and judged in a warehouse of its own: findings, rows, outcomes, cells."""
    warehouse = Warehouse(tmp_path_factory.mktemp("hostile"))
    warehouse.run("asc", "keys", "init", "--quiet")
    for place, file in enumerate([*CORPUS, *UNLANDED]):
        put(warehouse, file.council, file.file_name, file.content, received(place, file))
    landed = warehouse.run("asc", "land", "--quiet", check=False)
    warehouse.dbt(
        "build", "--select", "+int_rows_validated", "--exclude-resource-type", "unit_test", "test"
    )
    fields = sorted({field for book in CORPUS for _, field in book.reads})
    texts = ", ".join(f"cast({field} as varchar)" for field in fields)
    with warehouse.connect(identifiable="read") as connection:
        found = {(book.council, book.file_name): set() for book in CORPUS}
        for council, name, *finding in connection.execute(FINDINGS).fetchall():
            found[council, name].add(tuple(finding))
        rows = {row[:2]: row[2:] for row in connection.execute(ROWS).fetchall()}
        outcomes = connection.execute(
            "select sender_la_code, file_name, outcome, reason "
            "from identifiable.landing.submissions"
        ).fetchall()
        cells = connection.execute(
            f"select s.sender_la_code, s.file_name, v.row_number, {texts} "
            "from identifiable.intermediate.int_rows_validated v "
            "join identifiable.landing.submissions s using (submission_id)"
        ).fetchall()
    return SimpleNamespace(
        exit_code=landed.returncode,
        found=found,
        rows=rows,
        outcomes={row[:2]: row[2:] for row in outcomes},
        cells={row[:3]: dict(zip(fields, row[3:], strict=True)) for row in cells},
    )


def test_given_the_corpus_then_it_plants_every_rule_and_every_refusal():
    planted = {rule for book in CORPUS for *_, rule in book.findings}

    assert planted | {MONTHLY, *OF_REPAIRS} == RULES.keys()
    assert {file.sentence for file in UNLANDED} >= {refusal.value for refusal in Refusal}
    assert len({(book.council, book.file_name) for book in [*CORPUS, *UNLANDED]}) >= 60
    assert sum(not book.findings for book in CORPUS) >= 5


def test_given_planted_defects_when_judged_then_all_of_them_and_nothing_else_are_found(judged):
    # Given what each workbook must be said of, and what was
    planted, found, missed, unplanned = Counter(), Counter(), Counter(), Counter()
    differences = []
    again = sent_again_in_the_month()
    for book in CORPUS:
        findings = judged.found[book.council, book.file_name]
        due = set(book.findings)
        due |= {(None, None, MONTHLY)} if (book.council, book.file_name) in again else set()
        for counter, some in (
            (planted, due),
            (found, findings),
            (missed, due - findings),
            (unplanned, findings - due),
        ):
            counter.update(rule for *_, rule in some)
        if findings != due:
            differences.append((book.file_name, due - findings, findings - due))

    # When they are counted by rule
    print(f"\n{'rule':34}{'planted':>8}{'found':>8}{'missed':>8}{'unplanned':>10}")
    for rule in RULES:
        print(f"{rule:34}{planted[rule]:8}{found[rule]:8}{missed[rule]:8}{unplanned[rule]:10}")

    # Then recall and precision are 1.0 for every rule
    assert not differences, "\n".join(map(str, differences))
    assert all(planted[rule] > 0 for rule in RULES.keys() - OF_REPAIRS)
    assert planted == found


def test_given_repairable_cells_when_judged_then_they_are_read_as_what_they_mean(judged):
    wrong = {
        (book.file_name, row, field): (read, judged.cells[book.council, book.file_name, row][field])
        for book in CORPUS
        for (row, field), read in book.reads.items()
        if judged.cells[book.council, book.file_name, row][field] != read
    }

    assert wrong == {}


def test_given_the_corpus_when_judged_then_each_row_is_accepted_or_quarantined_once(judged):
    for book in CORPUS:
        read, landed, accepted, quarantined, rows_out = judged.rows[book.council, book.file_name]
        must_go = {row for row, _, rule in book.findings if RULES[rule]["quarantines"] == "true"}

        assert read == landed == accepted + quarantined == book.rows, book.file_name
        assert set(rows_out or ()) == must_go, book.file_name


def test_given_files_that_may_not_land_when_landed_then_each_is_told_why(judged):
    told = {(f.council, f.file_name): judged.outcomes[f.council, f.file_name] for f in UNLANDED}

    assert judged.exit_code == 3
    for file in UNLANDED:
        outcome, reason = told[file.council, file.file_name]
        assert (outcome, reason[: len(file.sentence)]) == (file.outcome, file.sentence)
        assert (file.council, file.file_name) not in judged.rows
