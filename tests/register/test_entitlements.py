"""Who may see what, and when: cases written by hand from the Direction's words, against the model.

`entitlement_cases.csv` has a row per case: an agreement of the made register beside it, a council,
a product and a day; whether it is allowed, why, by how small areas, and what the case is about.
"""

import csv
import os
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import KeyRing

HERE = Path(__file__).resolve().parent
DATES = {"start_date", "end_date", "approved_on", "retention_until", "valid_from", "valid_to"}
BOOLEANS = {"opt_outs_applied", "is_anonymised", "is_applied", "sublicensing"}
MODELS = ("int_organisations_succeeded", "int_agreements_current", "int_agreements_dated")
MODELS += ("int_preferences_bound", "entitlement_periods", "entitlements")
# Which council's records hold residents and registered patients of which CCG.
EVENTS = """
create schema pseudonymised.intermediate;
create table pseudonymised.intermediate.int_periods_covered as
    select unnest(['306', '308', '316']) as la_code, date '2018-06-01' as month_start;
create table pseudonymised.intermediate.int_care_events_pseudonymised as
    select * from (values
        ('306', '14L', '14L'), ('306', '27D', '14L'), ('306', '14L', '01G'),
        ('308', '01D', '01D'), ('316', null, '99A')
    ) as events (la_code, resident_ccg_code, registered_ccg_code);
create schema pseudonymised.reference;
"""


def cases() -> list[dict]:
    with (HERE / "entitlement_cases.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def data_type(column: str) -> str:
    if column in DATES:
        return "date"
    return "boolean" if column in BOOLEANS else "integer" if column == "version" else "varchar"


@pytest.fixture(scope="module")
def decided(tmp_path_factory) -> dict[str, list[tuple]]:
    """Rows of both models over the made register, from one dbt run."""
    home = Home.at(tmp_path_factory.mktemp("register") / "home")
    KeyRing(home.keys).initialise()
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        connection.execute(EVENTS)
        for path in sorted((HERE / "made_register").glob("*.csv")):
            columns = path.read_text().splitlines()[0].split(",")
            types = ", ".join(f"'{name}': '{data_type(name)}'" for name in columns)
            connection.execute(
                f"create table pseudonymised.reference.{path.stem} as from "
                f"read_csv('{path}', header = true, nullstr = '', columns = {{{types}}})"
            )
    options = ("--profiles-dir", "profiles", "--target-path", str(home.root / "target"))
    options += ("--log-path", str(home.logs), "--select", *MODELS)
    result = subprocess.run(
        [Path(sys.executable).parent / "dbt", "--no-use-colors", "run", *options],
        cwd=PROJECT_ROOT,
        env=os.environ | {"ASC_HOME": str(home.root), "ASC_KEYS": "", "ASC_ZONES": "pseudonymised"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:]
    with zones.connect(home, pseudonymised=zones.READ) as connection:
        return {
            name: connection.execute(
                "select agreement_reference, la_code, product, valid_from, valid_to, allowed, "
                f"reason, minimum_area from pseudonymised.governance.{name}"
            ).fetchall()
            for name in ("entitlement_periods", "entitlements")
        }


def answers(rows: list[tuple], who: str, council: str, product: str, day: date) -> list[tuple]:
    return [
        row[5:]
        for row in rows
        if row[:3] == (who, council, product) and (row[3] or day) <= day <= (row[4] or day)
    ]


def test_there_are_enough_cases_and_each_is_asked_once():
    keys = [(case["who"], case["council"], case["product"], case["day"]) for case in cases()]
    assert len(keys) == len(set(keys)) >= 80
    assert {case["expected"] for case in cases()} == {"yes", "no"}


@pytest.mark.parametrize(
    "case", cases(), ids=lambda c: f"{c['who']}-{c['council']}-{c['product']}-{c['day']}"
)
def test_the_answer_is_the_one_the_direction_asks_for(decided, case: dict):
    asked = (case["who"], case["council"], case["product"], date.fromisoformat(case["day"]))
    found = answers(decided["entitlement_periods"], *asked)
    if case["reason"] == "no row":
        assert found == [], case["why"]
        return
    expected = (case["expected"] == "yes", case["reason"], case["smallest_area"] or None)
    assert found == [expected], case["why"]


def test_every_day_of_every_question_has_exactly_one_answer(decided):
    by_question: dict[tuple, list[tuple]] = {}
    for row in decided["entitlement_periods"]:
        by_question.setdefault(row[:3], []).append((row[3] or date.min, row[4] or date.max))
    assert len(by_question) > 500
    for periods in by_question.values():
        periods.sort()
        assert periods[0][0] == date.min
        assert periods[-1][1] == date.max
        gaps = [(after[0] - before[1]).days for before, after in pairwise(periods)]
        assert set(gaps) <= {1}


def test_the_gate_holds_the_answers_of_today_and_says_how_long_they_hold(decided):
    today = date.today()
    expected = [
        row
        for row in decided["entitlement_periods"]
        if (row[3] or today) <= today <= (row[4] or today)
    ]
    assert sorted(decided["entitlements"], key=str) == sorted(expected, key=str)
