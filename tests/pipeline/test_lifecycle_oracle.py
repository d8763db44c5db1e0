"""The warehouse and an independent re-statement of the method agree, row for row."""

from dataclasses import dataclass
from datetime import date

import lifecycle_oracle as oracle
import pytest
from built_warehouse import seed
from handmade_submissions import SUBMISSIONS, empty_landing, land

SCHEMA = "identifiable.intermediate"
PERIODS = f"select submission_id, period_start, period_end from {SCHEMA}.int_submission_periods"
SELECTED = f"select la_code, month_start, submission_id from {SCHEMA}.int_submissions_selected"
EVENTS = f"""
    select submission_id, row_number, derived_event_end_date
    from {SCHEMA}.int_events_deduplicated
    where record_state = 'current'
"""
JOINED = f"""
    select submission_id, row_number, derived_event_end_date
    from {SCHEMA}.int_events_joined
"""
CLIENTS = f"""
    select la_person_unique_identifier, record_state, event_type, submission_id, event_outcome,
        event_start_date, derived_event_end_date, unit_cost, row_number, derived_event_start_date,
        is_in_products
    from {SCHEMA}.int_events_deduplicated
    where sender_la_code = '306'
"""
AS_OF = date(2017, 7, 10)


def rows_of(warehouse, table: str) -> list[dict]:
    """Rows of a table as dictionaries."""
    with warehouse.connect(identifiable="read") as connection:
        found = connection.execute(f"select * from identifiable.{table}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@dataclass
class Told:
    """What the warehouse says and what the oracle says, of the same landed rows."""

    periods: dict[str, tuple]
    current: dict[tuple, str]
    events: list[tuple]
    joined: list[tuple]
    clients: list[tuple]
    whole: list[tuple]
    answer: oracle.Answer

    def of(self, client: str, state: str = "current") -> list[tuple]:
        """Events of a client of 306, by row number."""
        found = [row[2:] for row in self.clients if row[:2] == (client, state)]
        return sorted(found, key=lambda row: row[6])


def told(warehouse, as_of: date | None = None) -> Told:
    submissions = rows_of(warehouse, "landing.submissions")
    rows = rows_of(warehouse, "intermediate.int_rows_validated")
    return Told(
        periods={row[0]: row[1:] for row in warehouse.query(PERIODS)},
        current={row[:2]: row[2] for row in warehouse.query(SELECTED)},
        events=warehouse.query(EVENTS),
        joined=warehouse.query(JOINED),
        clients=warehouse.query(CLIENTS),
        whole=sorted(warehouse.query(f"select * from {SCHEMA}.int_events_deduplicated"), key=str),
        answer=oracle.answer(submissions, rows, as_of),
    )


def assert_agrees(said: Told) -> None:
    periods = {key: period or (None, None) for key, period in said.answer.periods.items()}
    assert said.periods == periods
    assert said.current == said.answer.current
    assert len(said.events) == len(set(said.events))
    assert set(said.events) == said.answer.events
    assert len(said.joined) == len(set(said.joined))
    assert set(said.joined) == said.answer.joined


@pytest.fixture(scope="module")
def handmade(warehouse, tmp_path_factory) -> dict[str, Told]:
    """The same lives told after the first month, after all of them, and again as of the first."""
    scratch = warehouse.copy(tmp_path_factory.mktemp("handmade") / "warehouse")
    empty_landing(scratch)

    def tell(as_of: date | None = None) -> Told:
        day = f"'{as_of}'" if as_of else "null"
        variables = f"{{accept_test_nhs_numbers: true, as_of_date: {day}}}"
        models = ("+int_events_deduplicated", "+int_events_joined")
        scratch.dbt("run", "--select", *models, variables=variables)
        return told(scratch, as_of)

    early = [row for row in SUBMISSIONS if date.fromisoformat(row.received[:10]) <= AS_OF]
    land(scratch, early)
    stories = {"then": tell()}
    land(scratch, [row for row in SUBMISSIONS if row not in early])
    stories |= {"now": tell(), "then_again": tell(AS_OF)}
    with scratch.connect(pseudonymised="write") as connection:
        connection.execute("update pseudonymised.reference.lifecycle_repairs set is_on = true")
    return stories | {"repaired": tell(), "repaired_then": tell(AS_OF)}


def test_the_built_warehouse_agrees_with_the_oracle(warehouse):
    said = told(warehouse)
    assert len(said.events) > 1000
    assert_agrees(said)


@pytest.mark.parametrize("story", ["then", "now", "then_again"])
def test_handmade_lives_agree_with_the_oracle(handmade, story):
    assert_agrees(handmade[story])


def test_a_past_day_is_answered_as_it_was_then(handmade):
    assert handmade["then_again"].whole == handmade["then"].whole
    assert handmade["now"].whole != handmade["then"].whole


def test_a_service_restarted_on_1_april_is_two_events(handmade):
    starts = [(row[3], row[4]) for row in handmade["then"].of("restarts")]
    assert starts == [
        (date(2016, 4, 1), date(2017, 3, 31)),
        (date(2017, 4, 1), None),
    ]


def test_a_late_closure_ends_the_event_and_leaves_the_past_answer_open(handmade):
    assert [row[4] for row in handmade["then"].of("closed_late")] == [None]
    assert {row[4] for row in handmade["now"].of("closed_late")} == {date(2017, 5, 15)}


def test_copies_are_one_event_and_the_best_copy_is_kept_whole(handmade):
    then = handmade["then"]
    assert len(then.of("sent_twice")) == 1
    assert [row[2] for row in then.of("two_outcomes")] == [
        "Progress to assessment, review or reassessment"
    ]
    assert len(then.of("one_id")) + len(then.of("another_id")) == 1
    assert [float(row[5]) for row in then.of("uplifted")] == [100.0, 104.5]
    assert [row[4] for row in then.of("open_copy")] == [None]
    for differing in ("two_ends", "two_routes", "two_kinds"):
        assert len(then.of(differing)) == 2, differing


def test_death_ends_an_event_or_keeps_it_out(handmade):
    then = handmade["then"]
    assert [row[4] for row in then.of("dead_within")] == [date(2017, 5, 9)]
    assert then.of("dead_before") == then.of("dead_in_spring") == []


def test_an_event_that_is_no_longer_sent_has_vanished(handmade):
    assert len(handmade["then"].of("vanishes")) == 1
    assert handmade["now"].of("vanishes") == []
    assert len(handmade["now"].of("vanishes", "vanished")) == 1


def test_a_top_up_sent_last_is_current_for_the_months_it_spans(handmade):
    # Known failure of the official method, kept: the submission is flagged, not set aside.
    manchester = {
        key[1]: value for key, value in handmade["now"].current.items() if key[0] == "306"
    }
    late = {month for month, value in manchester.items() if value == "manchester_top_up"}
    assert late == {date(2017, 6, 1), date(2017, 7, 1), date(2017, 8, 1)}
    assert "manchester_2_again" not in manchester.values()
    assert len(manchester) == 12


def test_files_landed_together_share_the_months_and_the_later_name_wins_an_overlap(handmade):
    halves = [value for key, value in sorted(handmade["then"].current.items()) if key[0] == "308"]
    assert halves == ["half_1"] * 6 + ["half_2"] * 6
    names = [value for key, value in sorted(handmade["now"].current.items()) if key[0] == "308"]
    assert names == ["half_1"] * 2 + ["sent_as_b"] * 8 + ["sent_as_a"] * 2


def test_the_joined_product_reaches_back_beyond_twelve_months(handmade):
    now = handmade["now"]
    months = {month for _, month in now.current}
    ends = [row[2] for row in now.joined if row[2]]
    assert min(ends) < min(months)
    assert {row[:2] for row in now.joined} - {row[:2] for row in now.events}


def test_a_month_that_is_only_stated_or_not_over_yet_is_not_covered(handmade):
    then, now = (
        [key[1] for key in sorted(handmade[story].current) if key[0] == "316"]
        for story in ("then", "now")
    )
    assert (then[0], then[-1]) == (date(2016, 7, 1), date(2017, 4, 1))
    assert (now[0], now[-1]) == (date(2016, 8, 1), date(2017, 7, 1))


def test_repairs_are_off_unless_switched_on():
    assert {row["is_on"] for row in seed("specification/lifecycle_repairs")} == {"false"}


def test_a_restart_is_one_service_where_that_repair_is_on(handmade):
    before = [(row[3], row[4]) for row in handmade["repaired_then"].of("restarts", "bridged")]
    after = handmade["repaired_then"].of("restarts")
    assert before == [(date(2016, 4, 1), date(2017, 3, 31))]
    assert [(row[3], row[4], row[7]) for row in after] == [
        (date(2017, 4, 1), None, date(2016, 4, 1))
    ]


def test_a_vanished_event_stays_in_the_products_where_that_repair_is_on(handmade):
    assert [row[8] for row in handmade["now"].of("vanishes", "vanished")] == [False]
    assert [row[8] for row in handmade["repaired"].of("vanishes", "vanished")] == [True]


def test_a_row_without_an_id_takes_it_from_a_later_submission_where_that_repair_is_on(handmade):
    def reviews(story: str) -> list[date]:
        return [row[3] for row in handmade[story].of("later")]

    assert reviews("now") == [date(2017, 5, 16)]
    assert sorted(reviews("repaired")) == [date(2017, 5, 2), date(2017, 5, 16)]
    # What came later was not known then.
    assert reviews("repaired_then") == []
