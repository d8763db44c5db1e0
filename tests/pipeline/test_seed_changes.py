"""A new field, code or version and a known-bad submission are changes of seeds, nothing else.

The same build judges rows of which any cells hold anything: none is lost, none without a reason.
"""

import csv
import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlsxwriter
from any_rows import any_workbooks
from built_warehouse import TEST_NUMBERS, Warehouse, seed
from hostile_workbooks import HEADERS, SERVICE, Layout, sound_rows

from plugins.home import PROJECT_ROOT

PARTS = ("cli", "functions", "loaders", "macros", "models", "plugins", "profiles", "release")
PARTS += ("reports", "samples", "seeds", "docs", "tests/generic", "tests/singular")
ANY = 60  # workbooks of any cells
SPOKEN = ["English", "english", "Klingon", None, " Unknown "]
FOUND = """
    select s.file_name, f.row_number, f.field, f.rule_id, f.field_status, f.check_result
    from identifiable.intermediate.int_validation_findings f
    join identifiable.landing.submissions s using (submission_id)
    where f.field in ('preferred_language', 'delivery_mechanism', 'event_outcome')
"""
READ = """
    select s.file_name, v.row_number, v.outcome, v.preferred_language, v.delivery_mechanism,
        v.event_outcome
    from identifiable.intermediate.int_rows_validated v
    join identifiable.landing.submissions s using (submission_id)
"""
SELECTED = """
    select s.file_name, p.month_start
    from identifiable.intermediate.int_submissions_selected p
    join identifiable.landing.submissions s using (submission_id)
"""
QUARANTINING = {
    row["rule_id"] for row in seed("specification/validation_rules") if row["quarantines"] == "true"
}


def change(seed: Path, edit: Callable[[list[dict]], list[dict]]) -> None:
    """Rewrite a seed file as the rows that `edit` returns; what a new row leaves out is blank."""
    with seed.open(newline="") as file:
        reader = csv.DictReader(file)
        names, rows = reader.fieldnames, edit(list(reader))
    with seed.open("w", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def code(code_list: str, version: str, value: str, position: int) -> dict:
    row = {"code_list": code_list, "specification_version": version, "value": value}
    return row | {"release_2_value": value, "group_value": value, "position": position}


def add_by_seeds(seeds: Path, known_bad: bytes) -> None:
    """Add the field preferred_language, a delivery mechanism, a release 3 of one new header, and a
    decision against a file."""
    folder = seeds / "specification"
    versions = ("pilot_2017", "release_1", "release_2")

    def fields(rows):
        for row in rows:
            if row["field"] == "event_outcome":
                row["version_headers"] = "release_3=Next Step Decided"
        language = {"field": "preferred_language", "position": 51, "module": "Person details"}
        language |= {"header": "Preferred Language", "aliases": "First Language|Language"}
        language |= {"data_type": "code", "code_list": "preferred_language"}
        language |= {"sensitivity": "sensitive", "description": "The language the client prefers."}
        return [*rows, language]

    def codes(rows):
        for version in versions:
            for position, value in enumerate(("English", "British Sign Language", "Unknown"), 1):
                rows.append(code("preferred_language", version, value, position))
        rows.append(code("delivery_mechanism", "release_2", "Individual service fund", 9))
        third = [r for r in rows if r["specification_version"] == "release_2"]
        return rows + [row | {"specification_version": "release_3"} for row in third]

    def conditions(rows):
        asked = {"field": "preferred_language", "position": 1, "field_status": 2}
        asked |= {"client_type": "Service user", "reason": "Asked of service users."}
        known = {"field": "preferred_language", "position": 2, "field_status": 1}
        return [*rows, asked, known | {"reason": "Wherever it is known."}]

    third = {"specification_version": "release_3", "position": 4, "is_detected": "true"}
    change(folder / "specification_fields.csv", fields)
    change(folder / "specification_codes.csv", codes)
    change(folder / "specification_conditions.csv", conditions)
    change(folder / "specification_versions.csv", lambda rows: [*rows, third])
    decision = {"file_sha256": hashlib.sha256(known_bad).hexdigest(), "reason": "Test data."}
    decision |= {"decided_on": "2017-07-11", "decided_by": "collection manager"}
    change(seeds / "register" / "known_bad_submissions.csv", lambda rows: [*rows, decision])


def workbook(la_code: str, renamed: dict[str, str], language_header: str) -> bytes:
    """Five release 2 rows with a language each, some headers renamed, and the new code."""
    rows = sound_rows(la_code, Layout(release_2=True))
    rows[SERVICE - 2]["delivery_mechanism"] = "Individual service fund"
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Data")
        names = [*HEADERS.values(), language_header]
        sheet.write_row(0, 0, [renamed.get(name, name) for name in names])
        for number, (row, spoken) in enumerate(zip(rows, SPOKEN, strict=True), start=1):
            sheet.write_row(number, 0, [*(row.get(field) for field in HEADERS), spoken])
    return buffer.getvalue()


def table(warehouse: Warehouse, name: str) -> list[dict]:
    """Rows of any_… files' submissions, of 316, in a table of the identifiable zone."""
    with warehouse.connect(identifiable="read") as connection:
        found = connection.execute(
            f"select * from identifiable.{name} where submission_id in (select submission_id "
            "from identifiable.landing.submissions where sender_la_code = '316')"
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A copy of the project with changed seeds, and what it makes of two workbooks."""
    root = tmp_path_factory.mktemp("changed")
    project, warehouse = root / "project", Warehouse(root / "home")
    for part in PARTS:
        shutil.copytree(PROJECT_ROOT / part, project / part)
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    files = {
        ("306", "306.xlsx"): workbook("306", {}, "Preferred Language"),
        ("308", "308.xlsx"): workbook(
            "308", {"Event Outcome": "Next Step Decided"}, "first language"
        ),
        ("308", "308_known_bad.xlsx"): workbook("308", {}, "Preferred Language"),
    }
    files |= {("316", name): content for name, content in any_workbooks("316", ANY).items()}
    add_by_seeds(project / "seeds", files["308", "308_known_bad.xlsx"])

    def run(*command: str) -> None:
        result = subprocess.run(
            [sys.executable, *command],
            cwd=project,
            env=os.environ | {"ASC_HOME": str(warehouse.root), "ASC_KEYS": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]

    # As a module or as code, Python imports from the working folder: the copy, not the original.
    asc = ("-c", "from cli.main import main; main()")
    run(*asc, "keys", "init", "--quiet")
    for (council, name), content in files.items():
        folder = warehouse.root / "inbox" / "submissions" / council
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    run(*asc, "land", "--quiet", "--received-at", "2017-07-10")
    select = ("+int_rows_validated", "+int_submissions_selected", "specification_versions")
    select += ("collection_specification_is_whole", "collection_rows_conserve")
    run(
        *("-m", "dbt.cli.main", "--no-use-colors", "build", "--profiles-dir", "profiles"),
        *("--select", *select, "--indirect-selection", "empty", "--vars", TEST_NUMBERS),
        *("--exclude-resource-type", "unit_test"),
        *("--target-path", str(root / "target"), "--log-path", str(root / "logs")),
    )
    return SimpleNamespace(
        found=set(warehouse.query(FOUND)),
        rows={row[:2]: row[2:] for row in warehouse.query(READ)},
        versions=dict(
            warehouse.query(
                "select file_name, specification_version from identifiable.landing.submissions"
            )
        ),
        selected=set(warehouse.query(SELECTED)),
        landed=table(warehouse, "landing.submission_rows"),
        judged=table(warehouse, "intermediate.int_rows_validated"),
        told=set(
            warehouse.query(
                "select submission_id, row_number, field "
                "from identifiable.intermediate.int_validation_findings"
            )
        ),
    )


def test_given_a_new_field_when_judged_then_its_values_are_read_and_its_faults_are_told(changed):
    spoken = [changed.rows["306.xlsx", number][1] for number in range(2, 7)]
    about_it = {row[1:] for row in changed.found if row[0] == "306.xlsx"}

    assert spoken == ["English", "English", None, None, "Unknown"]
    assert about_it == {
        (3, "preferred_language", "capitals_differ", 2, -2),
        (4, "preferred_language", "not_on_list", 2, -2),
        (5, "preferred_language", "mandatory_blank", 2, -1),
        (6, "preferred_language", "blanks_around_value", 2, 1),
    }


def test_given_a_new_code_when_judged_then_it_is_as_good_as_any_other(changed):
    assert changed.rows["306.xlsx", SERVICE][2] == "Individual service fund"


def test_given_a_new_version_when_landed_then_it_is_detected_by_its_own_header_and_stated(changed):
    assert changed.versions["306.xlsx"] == "release_2"
    assert changed.versions["308.xlsx"] == "release_3"


def test_given_a_renamed_header_when_judged_then_the_field_is_read_from_it_all_the_same(changed):
    outcomes = {n: changed.rows[f"{n}.xlsx", row][3] for n in (306, 308) for row in (2,)}

    assert outcomes[306] == outcomes[308] == "Progress to assessment, review or reassessment"
    assert {row[0] for key, row in changed.rows.items() if key[0] < "31"} == {"accepted"}


def test_given_a_known_bad_submission_when_judged_then_its_rows_are_there_and_never_selected(
    changed,
):
    assert {key for key in changed.rows if "known_bad" in key[0]} == {
        ("308_known_bad.xlsx", number) for number in range(2, 7)
    }
    # Sent at the same time, it would have won by its name.
    assert {name for name, _ in changed.selected if name.startswith("308")} == {"308.xlsx"}


def test_given_any_cells_when_judged_then_each_row_is_accepted_or_has_a_reason_once(changed):
    keys = [(row["submission_id"], row["row_number"]) for row in changed.judged]
    landed = {(row["submission_id"], row["row_number"]) for row in changed.landed}

    assert len(keys) == len(set(keys)) == len(changed.landed) == ANY * 5
    assert set(keys) == landed
    for row in changed.judged:
        reasons = set((row["reasons"] or "").split("; ")) - {""}
        assert reasons <= QUARANTINING
        assert row["outcome"] == ("quarantined" if reasons else "accepted")
    assert {row["outcome"] for row in changed.judged} == {"accepted", "quarantined"}


def test_given_any_cells_when_judged_then_what_could_not_be_read_is_told(changed):
    judged = {(row["submission_id"], row["row_number"]): row for row in changed.judged}
    unread = [
        (*key, field, text)
        for row in changed.landed
        for key in [(row["submission_id"], row["row_number"])]
        if "total_row" not in (judged[key]["reasons"] or "")
        for field, text in row.items()
        if field in HEADERS and text and says_something(text) and judged[key][field] is None
    ]

    assert len(unread) > 100
    assert [cell for cell in unread if cell[:3] not in changed.told] == []


def says_something(text: str) -> bool:
    """Blanks of any kind, those without a width too, and the word NULL say nothing."""
    said = [mark for mark in text if not mark.isspace() and mark not in "\u200b\u200c\u200d\ufeff"]
    return "".join(said).upper() not in ("", "NULL")
