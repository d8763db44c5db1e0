"""Every rule of the register is kept by the register there is, and found broken when it is."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from plugins.home import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds" / "register"
MODELS = ("int_organisations_succeeded", "int_agreements_dated")
RULES = ("register_keeps_its_rules", "register_ccgs_have_population")
EVERYBODY = "select distinct organisation_code from organisations where organisation_type = 'ccg'"
OF_LIVERPOOL = {"agreement_reference": "ASC-316-LIVERPOOL"}
DATES = {"start_date", "end_date", "approved_on", "retention_until", "valid_from", "valid_to"}
BOOLEANS = {"opt_outs_applied", "is_anonymised", "is_applied", "sublicensing"}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> dict[str, str]:
    """SQL of models and rules, as dbt compiles it."""
    root = tmp_path_factory.mktemp("rules")
    environment = os.environ | {"ASC_HOME": str(root / "home"), "ASC_KEYS": ""}
    asc = Path(sys.executable).parent / "asc"
    subprocess.run([asc, "keys", "init", "--quiet"], env=environment, check=True, cwd=PROJECT_ROOT)
    words = ("compile", "--profiles-dir", "profiles", "--target-path", str(root / "target"))
    words += ("--log-path", str(root / "logs"), "--select", *MODELS, *RULES)
    subprocess.run(
        [asc.with_name("dbt"), "--quiet", *words],
        cwd=PROJECT_ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    found = {path.stem: path.read_text() for path in (root / "target").rglob("compiled/**/*.sql")}
    return {name: found[name] for name in (*MODELS, *RULES)}


def register() -> dict[str, list[dict]]:
    """Every table of the register: its rows, blank cells as None."""
    tables = {}
    for path in sorted(SEEDS.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            rows = [{name: cell or None for name, cell in row.items()} for row in reader]
            tables[path.stem] = rows or [dict.fromkeys(reader.fieldnames or ())]
    return tables


def broken(compiled: dict[str, str], tables: dict[str, list[dict]], population: str) -> set[str]:
    """Rules that a register breaks, and the CCGs in force without anybody of theirs in the data."""
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as pseudonymised")
        for schema in ("reference", "intermediate"):
            connection.execute(f"create schema pseudonymised.{schema}")
        for name, rows in tables.items():
            place = f"pseudonymised.reference.{name}"
            types = ", ".join(f'"{column}" {data_type(column)}' for column in rows[0])
            connection.execute(f"create table {place} ({types})")
            for row in rows:
                if any(row.values()):
                    marks = ", ".join("?" for _ in row)
                    connection.execute(f"insert into {place} values ({marks})", list(row.values()))
        connection.execute("use pseudonymised.reference")
        connection.execute(
            "create table pseudonymised.intermediate.int_care_events_pseudonymised as "
            "select organisation_code as resident_ccg_code, organisation_code as "
            f"registered_ccg_code from ({population})"
        )
        for name in MODELS:
            connection.execute(
                f"create table pseudonymised.intermediate.{name} as {compiled[name]}"
            )
        rules, ccgs = (connection.execute(compiled[name]).fetchall() for name in RULES)
    return {rule for rule, _ in rules} | {f"nobody of {reference}" for reference, _ in ccgs}


def data_type(column: str) -> str:
    if column in DATES:
        return "date"
    return "boolean" if column in BOOLEANS else "integer" if column == "version" else "varchar"


def test_the_register_there_is_breaks_no_rule(compiled: dict[str, str]):
    assert broken(compiled, register(), EVERYBODY) == set()


MANCHESTER, RENEWAL = {"organisation_code": "00W"}, {"version": "2", "start_date": "2036-01-01"}
FAULTS = [
    # (table, which row it is like, what is changed, the rule that breaks; None changes no row)
    ("agreements", OF_LIVERPOOL, RENEWAL, "approved versions of an agreement overlap"),
    ("agreements", OF_LIVERPOOL, {"agreement_reference": "NEW"}, "names no purpose"),
    ("agreements", OF_LIVERPOOL, {"agreement_reference": "NEW"}, "of one controller overlap"),
    ("agreements", OF_LIVERPOOL, RENEWAL | {"token_rotation": "yearly"}, "that do not stay"),
    ("agreements", OF_LIVERPOOL, RENEWAL | {"controller_code": "0CX"}, "neither a council nor"),
    ("agreements", OF_LIVERPOOL, RENEWAL | {"controller_code": "99A"}, "does not fit the contr"),
    ("agreements", OF_LIVERPOOL, RENEWAL | {"opt_outs_applied": "true"}, "than the policy says"),
    ("agreements", OF_LIVERPOOL, RENEWAL | {"is_anonymised": "false"}, "than the policy says"),
    ("agreement_products", OF_LIVERPOOL, {"version": "7"}, "a version that is not there"),
    ("agreement_purposes", OF_LIVERPOOL, {"version": "7"}, "a version that is not there"),
    ("agreement_processors", OF_LIVERPOOL, {"version": "7"}, "a version that is not there"),
    ("organisations", MANCHESTER, {"organisation_code": "X1", "successor_code": "X9"}, "of anoth"),
    ("organisations", MANCHESTER, {"organisation_code": "X1", "valid_to": None}, "not in the reg"),
    (
        "organisations",
        MANCHESTER,
        {"organisation_code": "X1", "ons_code": None, "valid_to": "2016-12-31"},
        "take over on the day after",
    ),
    (
        "organisations",
        MANCHESTER,
        {"organisation_code": "X1", "ons_code": None, "successor_code": "X1"},
        "or goes round",
    ),
    ("organisations", MANCHESTER, {"organisation_code": "X1"}, "two CCGs share an ONS code"),
    (
        "organisations",
        {"organisation_code": "0CX"},
        {"organisation_code": "0AR"},
        "a CSU works for no controller",
    ),
    (
        "council_preferences",
        {"la_code": "308"},
        {"recipient_code": "X1"},
        "about nobody in the register",
    ),
]


@pytest.mark.parametrize(("table", "like", "change", "rule"), FAULTS, ids=lambda v: str(v)[:40])
def test_a_broken_rule_is_found(
    compiled: dict[str, str], table: str, like: dict, change: dict, rule: str
):
    tables = register()
    pattern = next(row for row in tables[table] if like.items() <= row.items())
    tables[table].append(pattern | change)
    found = broken(compiled, tables, EVERYBODY)
    assert [one for one in found if rule in one], found


def test_other_broken_rules_of_single_rows_are_found(compiled: dict[str, str]):
    tables = register()
    for council in tables["organisations"]:
        if council["organisation_code"] == "316":
            council["la_code"] = None
    tables["analysts"] = [
        dict.fromkeys(tables["analysts"][0])
        | {"login_name": "analyst_1", "organisation_code": "0DE"}
        | OF_LIVERPOOL
    ]
    assert broken(compiled, tables, EVERYBODY) == {
        "a council that receives has no code to send by",
        "an analyst works neither for the controller nor for a processor",
    }


def test_a_ccg_in_force_without_population_is_told_and_one_that_has_expired_is_not(compiled):
    found = broken(compiled, register(), EVERYBODY + " and organisation_code not in ('99A', '01J')")
    assert found == {"nobody of ASC-99A-LIVERPOOL"}
