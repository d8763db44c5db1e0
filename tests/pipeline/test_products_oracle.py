"""Outcome measures and costs agree with an independent re-statement, case by case and in sum."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import handmade_lives as handmade
import products_oracle as oracle
import pytest
import reach_oracle
import services_oracle
import waits_oracle
from built_warehouse import Warehouse
from handmade_reach import REACH
from handmade_waits import WAITS

COUNCILS = {
    "316": "ASC-316-LIVERPOOL",
    "306": "ASC-306-MANCHESTER",
    "308": "ASC-308-ROCHDALE",
}
LOCAL_AUTHORITIES = {"E08000012": "316", "E08000003": "306", "E08000005": "308"}
FIRST_CASES = {
    "reablement_at_home_91_days": range(10, 13),
    "reablement_at_home_91_days_all_year": range(1, 13),
}
MODELS = ("+int_pathway_outcomes_counted", "+int_care_costs_dated")


def day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


@dataclass
class Told:
    """A warehouse, and what the oracle makes of the same rows."""

    warehouse: Warehouse
    world: oracle.World
    persons: dict[str, object]  # token -> number, or council and id
    tokens: dict[str, str]  # the council's id -> token

    def rows(self, table: str, columns: str, condition: str = "true") -> list[tuple]:
        """Rows of a table after the wall: council, person, then the columns asked for."""
        found = self.warehouse.query(
            f"select la_code, person_token, {columns} "
            f"from pseudonymised.intermediate.{table} where {condition}"
        )
        return [(la, self.persons[token], *rest) for la, token, *rest in found]

    def counted(self, measure: str, category: str = "any") -> dict[str, tuple]:
        """Numerator and denominator of each council's own agreement."""
        found = self.warehouse.query(
            "select agreement_reference, sum(numerator), sum(denominator) "
            "from pseudonymised.intermediate.int_pathway_outcomes_counted "
            "where measure = ? and category = ? group by 1",
            measure,
            category,
        )
        by_agreement = {reference: tuple(map(int, rest)) for reference, *rest in found}
        return {council: by_agreement[COUNCILS[council]] for council in self.world.covered}


def dictionaries(warehouse: Warehouse, sql: str) -> list[dict]:
    with warehouse.connect(identifiable="read", pseudonymised="read") as connection:
        found = connection.execute(sql)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def told(warehouse: Warehouse) -> Told:
    zone = "identifiable"
    spells = dictionaries(warehouse, f"from {zone}.landing.health_admitted_patient_care")
    index = dictionaries(warehouse, f"from {zone}.landing.person_index_person")
    for row in spells:
        row |= {name: day(row[name]) for name in ("admission_date", "discharge_date")}
    for row in index:
        row |= {name: day(row[name]) for name in ("date_of_birth", "date_of_death")}
    clients = warehouse.query(
        "select la_code, la_person_unique_identifier, nhs_number, person_token "
        f"from {zone}.intermediate.int_tokens_assigned"
    )
    covered: dict[str, list[date]] = {}
    for council, month in warehouse.query(
        "select la_code, month_start from pseudonymised.intermediate.int_periods_covered"
    ):
        covered.setdefault(council, []).append(month)
    events = dictionaries(
        warehouse, f"from {zone}.intermediate.int_events_deduplicated where is_in_products"
    )
    who = {(council, client): number for council, client, number, _ in clients}
    persons = {token: number or (council, client) for council, client, number, token in clients}
    tokens = {client: token for _, client, _, token in clients}
    return Told(warehouse, oracle.World(events, who, spells, index, covered), persons, tokens)


@pytest.fixture(scope="module")
def sample(warehouse) -> Told:
    return told(warehouse)


@pytest.fixture(scope="module")
def lives(warehouse, tmp_path_factory) -> Told:
    """The lives made by hand, in a scratch copy of the warehouse."""
    scratch = warehouse.copy(tmp_path_factory.mktemp("lives") / "warehouse")
    handmade.land_lives(scratch)
    scratch.dbt("run", "--select", *MODELS)
    return told(scratch)


@pytest.fixture(params=["sample", "lives"])
def either(request) -> Told:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("successor", [False, True], ids=["91 days", "84 days"])
def test_reablement_agrees_case_by_case(either, successor):
    measure = f"reablement_at_home_{'84_days' if successor else '91_days_all_year'}"
    found = {
        oracle.Reablement(*row)
        for row in either.rows(
            "int_reablement_followed",
            "cluster_start, discharge_date, coalesce(exclusion, "
            "case when has_died or is_in_hospital or is_in_care_home then '0' else '1' end)",
            f"measure = '{measure}'",
        )
    }
    expected = {
        case._replace(outcome=str(case.outcome))
        for case in oracle.reablement(either.world, successor)
    }
    assert len(expected) > 20
    assert found == expected


@pytest.mark.parametrize("measure", FIRST_CASES)
def test_a_person_counts_once_with_the_first_discharge_of_the_period(either, measure):
    cases = oracle.once_a_person(
        oracle.reablement(either.world, False), either.world, FIRST_CASES[measure]
    )
    expected = {
        council: (
            sum(case.outcome for case in cases if case.council == council),
            sum(case.council == council for case in cases),
        )
        for council in either.world.covered
    }
    assert sum(denominator for _, denominator in expected.values()) > 8
    assert either.counted(measure) == expected


def test_the_successor_counts_every_discharge(either):
    cases = oracle.reablement(either.world, True)
    cases = [
        case
        for case in cases
        if case.outcome in (0, 1) and either.world.covers(case.council, case.discharged)
    ]
    assert either.counted("reablement_at_home_84_days") == {
        council: (
            sum(case.outcome for case in cases if case.council == council),
            sum(case.council == council for case in cases),
        )
        for council in either.world.covered
    }


@pytest.mark.parametrize("support", ["long_term_community", "no_long_term"])
def test_the_share_with_reablement_is_of_all_discharges_of_residents(either, support):
    areas = either.warehouse.query(
        "select lsoa11, oslaua, count(*) as n from identifiable.landing.reference_postcode "
        "group by all order by n"
    )
    councils = {lsoa: LOCAL_AUTHORITIES.get(authority) for lsoa, authority, _ in areas}
    expected = reach_oracle.reach(either.world, councils)
    assert sum(whole for _, whole in expected.values()) > 20
    assert either.counted("reablement_after_discharge", support) == {
        council: expected[council, support] for council in either.world.covered
    }


@pytest.mark.parametrize("days", [0, 7, 28, 84, 91])
def test_who_is_still_at_home_on_a_day_agrees(either, days):
    expected = reach_oracle.at_home_by(either.world, days, 91)
    assert sum(whole for _, whole in expected.values()) > 20
    assert either.counted("at_home_by_day", f"day {days:02d}") == expected


def test_admissions_to_care_homes_agree_case_by_case_and_in_sum(either):
    found = either.rows("int_care_home_admissions_judged", "start_date, exclusion")
    expected = oracle.admissions(either.world)
    assert set(found) == {(*case[:3], case[4]) for case in expected}
    assert len(found) == len(expected)
    for measure, ages in (("18_64", range(18, 65)), ("65_over", range(65, 130))):
        new = {
            (council, person)
            for council, person, start, age, reason in expected
            if reason is None and age in ages and either.world.covers(council, start)
        }
        numerators = {
            council: counts[0]
            for council, counts in either.counted(f"long_term_admissions_{measure}").items()
        }
        assert numerators == {
            council: sum(case[0] == council for case in new) for council in either.world.covered
        }


def test_what_followed_short_term_support_agrees_case_by_case(either):
    found = either.rows(
        "int_short_term_episodes_followed",
        "start_date, end_date, "
        "coalesce(exclusion, case when is_followed_by_long_term then '0' else '1' end)",
    )
    expected = services_oracle.sequels(either.world)
    assert len(expected) > 20
    assert Counter(found) == Counter((*case[:4], str(case[4])) for case in expected)


def test_costs_agree_to_the_penny_for_every_service_and_month(either):
    found = either.rows(
        "int_care_costs_dated", "start_date, month_start, cast(cost_pounds * 100 as bigint)"
    )
    expected = services_oracle.costs(either.world)
    assert len(expected) > 100
    assert Counter(found) == Counter(expected)


def test_waits_of_new_clients_agree_request_by_request(either):
    found = either.rows(
        "int_new_clients_waited",
        "measure, category, request_start_date, coalesce(exclusion, cast(days_waited as varchar))",
    )
    expected = [
        (*wait[:2], f"new_client_to_first_{wait.part}_days", *wait[3:5], str(wait.outcome))
        for wait in waits_oracle.new_clients(either.world)
    ]
    assert len(expected) > 40
    assert Counter(found) == Counter(expected)


@pytest.fixture(scope="module")
def opened(lives):
    with lives.warehouse.connect(pseudonymised="read") as connection:
        yield lives, connection


def of_life(opened, life: handmade.Life, table: str, columns: str, condition="true") -> list:
    lives, connection = opened
    return connection.execute(
        f"select {columns} from pseudonymised.intermediate.{table} "
        f"where person_token = ? and {condition}",
        [lives.tokens[life.name]],
    ).fetchall()


def named(cases: list[handmade.Life]) -> dict:
    assert len(cases) >= 20
    return {"argvalues": cases, "ids": [life.name for life in cases]}


@pytest.mark.parametrize("life", **named(handmade.REABLEMENT))
def test_reablement_is_as_worked_out_by_hand(opened, life):
    for measure, expected in life.expected.items():
        found = of_life(
            opened,
            life,
            "int_reablement_followed",
            "coalesce(exclusion, "
            "case when has_died or is_in_hospital or is_in_care_home then '0' else '1' end)",
            f"measure = '{measure}'",
        )
        assert found == ([] if expected is None else [(str(expected),)]), measure


@pytest.mark.parametrize("life", **named([life for life in REACH if life.rows]))
def test_discharges_and_what_follows_are_as_worked_out_by_hand(opened, life):
    found = of_life(
        opened,
        life,
        "int_pathway_cases_listed",
        "category, numerator, denominator, exclusion",
        "measure = 'reablement_after_discharge' "
        f"and case_date between '{handmade.FIRST_DAY}' and '{handmade.LAST_DAY}'",
    )
    expected = life.expected["reach"]
    if isinstance(expected, tuple):
        counted = [row for row in found if row[3] is None]
        assert {row[0] for row in counted} == {expected[0]}
        assert (sum(row[1] for row in counted), sum(row[2] for row in counted)) == expected[1:]
    else:
        assert {row[3] for row in found} == ({expected} if expected else set())


@pytest.mark.parametrize("life", **named(handmade.ADMISSIONS))
def test_admissions_are_as_worked_out_by_hand(opened, life):
    found = of_life(
        opened,
        life,
        "int_pathway_cases_listed",
        "exclusion",
        "measure like 'long_term_admissions%' "
        f"and case_date between '{handmade.FIRST_DAY}' and '{handmade.LAST_DAY}'",
    )
    expected = life.expected["admissions"]
    if isinstance(expected, str):
        assert found == [(expected,)]
    else:
        assert found.count((None,)) == expected


@pytest.mark.parametrize("life", **named(handmade.SEQUELS))
def test_sequels_are_as_worked_out_by_hand(opened, life):
    found = of_life(
        opened,
        life,
        "int_pathway_cases_listed",
        "coalesce(exclusion, cast(numerator as varchar))",
        "measure = 'short_term_no_long_term'",
    )
    expected = life.expected["short_term_no_long_term"]
    assert found == ([] if expected is None else [(str(expected),)])


@pytest.mark.parametrize("life", **named(handmade.COSTS))
def test_costs_are_as_worked_out_by_hand(opened, life):
    ((pence,),) = of_life(opened, life, "int_care_costs_dated", "sum(cost_pounds) * 100")
    assert pence == life.expected["cost"]


@pytest.mark.parametrize("life", **named(WAITS))
def test_waits_are_as_worked_out_by_hand(opened, life):
    for place, part in enumerate(("response", "service"), start=1):
        found = of_life(
            opened,
            life,
            "int_new_clients_waited",
            "category, coalesce(exclusion, cast(days_waited as varchar))",
            f"measure = 'new_client_to_first_{part}_days' order by request_start_date",
        )
        assert found == [(one[0], str(one[place])) for one in life.expected["waits"]], part
