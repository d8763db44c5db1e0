"""The audit of tables before a release: it hides more until nothing hidden can be computed."""

import itertools

import duckdb
import pytest

from release.audit import (
    Limits,
    hide_what_can_be_computed,
    limits_of,
    refuse_common_areas,
)
from release.cells import count_tables
from release.package import ReleaseRefused

POLICY = {"small_number_threshold": "8", "rounding_base": "5", "interval_width": "3"}
LIMITS = Limits(small_number_threshold=8, rounding_base=5, interval_width=3)


@pytest.fixture
def zone():
    """A zone with the table `needs` of two agreements: area, sex, users, cost for each user."""
    with duckdb.connect() as connection:
        connection.execute("""
            attach ':memory:' as pseudonymised;
            create schema pseudonymised.reference;
            create schema pseudonymised.governance;
            create schema pseudonymised.marts;
            create table pseudonymised.reference.protected_columns as
            from (values ('needs', 'sex', 'additive'), ('needs', 'age', 'additive'),
                ('needs', 'users', 'measure'), ('needs', 'cost', 'derived'))
                as listed (table_name, column_name, role);
            create table pseudonymised.governance.released_cells (
                agreement_reference varchar, release_id varchar, table_name varchar,
                cell_key varchar, measure varchar, value decimal(18, 4), status varchar);
            create table pseudonymised.marts.needs (
                agreement_reference varchar, age varchar, sex varchar, users bigint,
                users_status varchar, cost double)
        """)
        yield connection


def protected(count: int) -> int | None:
    return 0 if count == 0 else None if count < 8 else (count + 2) // 5 * 5


def fill(zone, cells: dict[tuple[str, str], int | None], reference: str = "A") -> None:
    for (age, sex), shown in cells.items():
        status = "hidden" if shown is None else "rounded" if shown else "zero"
        zone.execute(
            "insert into pseudonymised.marts.needs values (?, ?, ?, ?, ?, 12.5)",
            [reference, age, sex, shown, status],
        )


def judge(zone) -> int:
    return hide_what_can_be_computed(zone, "A", count_tables(zone, ["needs"]), POLICY)


def shown(zone, reference: str = "A") -> dict:
    rows = zone.execute(
        "select age, sex, users from pseudonymised.marts.needs where agreement_reference = ?",
        [reference],
    ).fetchall()
    return {(age, sex): users for age, sex, users in rows}


def possible(cells: dict[tuple[str, str], int | None]) -> dict:
    """Every number that may stand behind each hidden cell of one row, tried one by one."""
    options = {
        place: range(1, 8) if value is None else [n for n in range(40) if protected(n) == value]
        for place, value in cells.items()
    }
    places = list(options)
    found = {place: set() for place in places}
    for numbers in itertools.product(*options.values()):
        tried = dict(zip(places, numbers, strict=True))
        if tried["a", "Total"] == sum(n for (_, sex), n in tried.items() if sex != "Total"):
            for place, number in tried.items():
                found[place].add(number)
    return {place: found[place] for place, value in cells.items() if value is None}


NARROW = {("a", "Female"): 10, ("a", "Male"): None, ("a", "Other"): None, ("a", "Total"): 10}


def test_a_table_whose_hidden_counts_cannot_be_computed_is_left_alone(zone):
    wide = {("a", "Female"): 10, ("a", "Male"): None, ("a", "Total"): 15}
    fill(zone, wide)
    assert judge(zone) == 0
    assert shown(zone) == wide


def test_more_is_hidden_until_every_hidden_count_is_wide_enough(zone):
    # Given a row in which two hidden counts must be 1 to 3
    assert [max(n) - min(n) for n in possible(NARROW).values()] == [2, 2]
    fill(zone, NARROW)
    fill(zone, NARROW, reference="B")
    # When it is audited, then more is hidden, by all numbers tried it holds, and only there
    assert judge(zone) >= 1
    assert all(max(n) - min(n) >= 3 for n in possible(shown(zone)).values())
    assert shown(zone, "B") == NARROW
    assert judge(zone) == 0


def test_what_is_made_of_a_count_is_hidden_with_it(zone):
    fill(zone, NARROW)
    judge(zone)
    rows = zone.execute("""
        select count(*) filter (users is null and users_status = 'hidden'),
            count(*) filter (users is null and sex in ('Female', 'Total') and cost is not null)
        from pseudonymised.marts.needs
    """).fetchone()
    assert rows == (3, 0)


def test_a_count_that_was_shown_before_is_not_hidden_and_the_release_is_refused(zone):
    fill(zone, NARROW)
    zone.execute("""
        insert into pseudonymised.governance.released_cells
        select 'A', '1', 'needs', age || '|' || sex, 'users', users, users_status
        from pseudonymised.marts.needs
    """)
    with pytest.raises(ReleaseRefused, match="audit: a hidden count of needs can be computed"):
        judge(zone)
    assert shown(zone) == NARROW


def test_what_earlier_releases_showed_of_a_total_counts_too(zone):
    # Given a total that is 15 now and was 10 before: both fit 12 persons only
    now = {("a", "Female"): 10, ("a", "Male"): None, ("a", "Other"): None, ("a", "Total"): 15}
    fill(zone, now)
    assert judge(zone) == 0
    zone.execute(
        "insert into pseudonymised.governance.released_cells values "
        "('A', '1', 'needs', 'a|Total', 'users', 10, 'rounded')"
    )
    assert judge(zone) == 0  # 13 to 17 and 8 to 12 contradict: the data changed between


@pytest.mark.parametrize(("area", "refused"), [("E08000003", True), ("E38000217", False)])
def test_two_agreements_of_a_coalition_that_share_an_area_are_refused(zone, area, refused):
    # Given a council's cells, and those of another agreement that its processor serves too
    fill(zone, NARROW, "A")
    fill(zone, NARROW, "B")
    zone.execute("alter table pseudonymised.marts.needs add column area_code varchar")
    for reference, its_area in (("A", "E08000003"), ("B", area)):
        zone.execute(
            "update pseudonymised.marts.needs set area_code = ? where agreement_reference = ?",
            [its_area, reference],
        )
    tables = count_tables(zone, ["needs"])
    # When the one or the other is about to be released
    for reference, other in (("A", "B"), ("B", "A")):
        # Then it is refused where the area is the same, and names whose cells are common
        if refused:
            with pytest.raises(ReleaseRefused, match=f"same area for {other}"):
                refuse_common_areas(zone, reference, tables)
        else:
            refuse_common_areas(zone, reference, tables)


def test_a_policy_without_a_width_asks_for_no_audit():
    assert limits_of({"small_number_threshold": "8", "rounding_base": "5"}, "needs") is None
    assert limits_of(POLICY, "needs") == LIMITS
    own = POLICY | {"products": {"needs": {"interval_width": "4"}}}
    assert limits_of(own, "needs").interval_width == 4
    assert limits_of(own, "other") == LIMITS
    assert LIMITS.interval(None) == (1, 7)
    assert [LIMITS.interval(n) for n in (0, 10, 11, 15)] == [(0, 0), (8, 12), (11, 11), (13, 17)]


def test_a_sum_of_costs_is_no_count_but_is_hidden_with_the_counts_of_its_row(zone):
    fill(zone, NARROW)
    zone.execute("alter table pseudonymised.marts.needs add column cost_status varchar")
    zone.execute("update pseudonymised.marts.needs set cost_status = 'rounded'")
    zone.execute(
        "update pseudonymised.reference.protected_columns set role = 'sum' "
        "where column_name = 'cost'"
    )

    (table,) = count_tables(zone, ["needs"])
    assert (table.measures, table.sums, table.keys) == (("users",), ("cost",), ("age", "sex"))
    assert judge(zone) > 0
    hidden_now = zone.execute(
        "select cost, cost_status from pseudonymised.marts.needs where sex = 'Female'"
    ).fetchall()
    assert hidden_now == [(None, "hidden")]
