"""The register against its JSON schema: every table, every row, before anything is built."""

import csv
import json

import jsonschema
import pytest

from plugins.home import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "seeds" / "register"
SCHEMA = json.loads((FOLDER / "register.schema.json").read_text())


def validator(table: str) -> jsonschema.Draft202012Validator:
    """A row is an object of all the columns that the schema lists, in whatever order, no others."""
    described = SCHEMA["tables"][table]
    names = list(described["properties"])
    schema = {"$defs": SCHEMA["$defs"], "type": "object", "required": names}
    return jsonschema.Draft202012Validator(schema | described | {"additionalProperties": False})


def rows(table: str) -> list[dict]:
    with (FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(file)]


def test_every_table_of_the_register_has_a_schema_and_every_schema_a_table():
    assert sorted(path.stem for path in FOLDER.glob("*.csv")) == sorted(SCHEMA["tables"])


@pytest.mark.parametrize("table", sorted(SCHEMA["tables"]))
def test_every_row_of_the_register_keeps_to_its_schema(table: str):
    judge = validator(table)
    faults = [
        f"{table}.csv, row {number}: {'.'.join(map(str, fault.path))} {fault.validator}"
        for number, row in enumerate(rows(table), start=2)
        for fault in judge.iter_errors(row)
    ]
    assert faults == []
    header = (FOLDER / f"{table}.csv").read_text().splitlines()[0].split(",")
    assert sorted(header) == sorted(SCHEMA["tables"][table]["properties"])


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("agreements", {"end_date": "31/03/2020"}),
        ("agreements", {"end_date": None}),
        ("agreements", {"geography_rule": "everywhere"}),
        ("agreements", {"sublicensing": "true"}),
        ("agreements", {"agreement_reference": "../elsewhere"}),
        ("agreements", {"decision": "Approved"}),
        ("organisations", {"organisation_type": "charity"}),
        ("organisations", {"la_code": "06"}),
        ("council_preferences", {"preference": "minimum_area"}),
        ("council_preferences", {"minimum_area": "msoa"}),
        ("council_preferences", {"product": "everything"}),
        ("agreement_purposes", {"purpose": "f"}),
        ("submitting_councils", {"unknown_column": "x"}),
    ],
)
def test_a_row_that_breaks_the_schema_is_found(table: str, change: dict):
    sound = rows(table)[0]
    assert validator(table).is_valid(sound)
    assert not validator(table).is_valid(sound | change)
