"""The counted products as released: whose they are, and what their cells may show."""

import pytest
from built_warehouse import seed
from test_disclosure import AGREEMENTS, POLICY, recipient_type

LISTED = seed("register/agreement_products")
COUNTED = (
    "cohort_monthly",
    "pathway_outcomes",
    "intervention_panel",
    "payment_segments",
    "population_needs",
)
COUNTS = {"persons", "starts", "ends", "users", "person_years", "person_months", "contacts"}
COUNTS |= {"numerator", "denominator"}


@pytest.fixture(params=sorted(AGREEMENTS))
def release(request, warehouse):
    folder = warehouse.releases()[request.param][-1]
    with warehouse.open_release(folder) as connection:
        yield request.param, connection


def columns(connection, table: str) -> list[str]:
    return [row[0] for row in connection.execute(f"describe {table}").fetchall()]


def test_a_file_holds_the_products_that_its_agreement_lists_and_no_other(release):
    reference, connection = release
    tables = {row[0] for row in connection.execute("show tables").fetchall()}
    listed = {row["product"] for row in LISTED if row["agreement_reference"] == reference}
    every = {row["product"] for row in LISTED}
    assert set(COUNTED) <= every
    assert tables & every == listed
    for table in COUNTED:
        assert connection.execute(f"select count(*) from {table}").fetchone()[0] > 0, table


@pytest.mark.parametrize("table", COUNTED)
def test_a_count_is_hidden_nought_or_large_and_rounded(release, table):
    reference, connection = release
    threshold = POLICY[recipient_type(reference), "small_number_threshold"]
    base = POLICY[recipient_type(reference), "rounding_base"]
    counts = [
        name
        for name in columns(connection, table)
        if name in COUNTS or (name.startswith("excluded_") and not name.endswith("_status"))
    ]
    assert counts
    for name in counts:
        rows = connection.execute(f"select {name}, {name}_status from {table}").fetchall()
        for value, status in rows:
            assert (value is None) == (status == "hidden"), (name, value, status)
            assert value in (None, 0) or (value >= threshold and value % base == 0), (name, value)


@pytest.mark.parametrize("table", COUNTED)
def test_what_is_made_of_a_hidden_cell_is_hidden(release, table):
    _, connection = release
    made_of = {
        "pathway_outcomes": {"value": ("numerator", "denominator")},
        "intervention_panel": {
            "use_per_person_month": ("contacts", "person_months", "persons"),
            "cost_per_person_month": ("health_cost", "contacts", "person_months", "persons"),
        },
        "payment_segments": {
            "cost_per_person_year": ("care_cost", "health_cost", "person_years", "persons"),
            "care_cost": ("persons",),
            "health_cost": ("persons",),
            "personal_budget_cost": ("persons",),
        },
        "population_needs": {"use_per_1000": ("users",), "cost": ("users",)},
        "cohort_monthly": {},
    }[table]
    for made, parts in made_of.items():
        for part in parts:
            found = connection.execute(
                f"select count(*) from {table} where {part} is null and {made} is not null"
            ).fetchone()[0]
            assert found == 0, (made, part)


def test_a_rate_says_no_more_than_the_numbers_beside_it(release):
    _, connection = release
    scales = {row["measure"]: int(row["scale"]) for row in seed("products/pathway_measures")}
    rows = connection.execute(
        "select measure, numerator, denominator, value from pathway_outcomes "
        "where value is not null"
    ).fetchall()
    assert rows
    for measure, numerator, denominator, value in rows:
        assert value == pytest.approx(scales[measure] * numerator / denominator, abs=0.051)


def test_health_cost_of_the_untraced_is_unknown_and_never_nought(release):
    _, connection = release
    rows = connection.execute(
        "select persons, health_cost, health_cost_status from payment_segments "
        "where segment = 'not_linked'"
    ).fetchall()
    assert len(rows) == 1
    for persons, cost, status in rows:
        assert persons == 0 or (cost is None and status in ("unknown", "hidden"))


def test_all_persons_together_show_no_sum_that_a_segment_would_follow_from(release):
    _, connection = release
    rows = connection.execute(
        "select care_cost, health_cost, personal_budget_cost, cost_per_person_year "
        "from payment_segments where segment = 'Total'"
    ).fetchall()
    assert rows == [(None,) * 4]


def test_quartiles_of_days_stand_in_order_and_beside_a_mean_that_is_shown(release):
    reference, connection = release
    base = POLICY[recipient_type(reference), "days_rounding_base"]
    of_days = {
        row["measure"] for row in seed("products/pathway_measures") if row["has_days"] == "true"
    }
    rows = connection.execute(
        "select measure, value, lower_quartile_days, median_days, upper_quartile_days, "
        "median_days_status from pathway_outcomes"
    ).fetchall()
    assert {row[0] for row in rows if row[5] != "not_applicable"} == of_days
    for measure, value, *quartiles, status in rows:
        shown = [days for days in quartiles if days is not None]
        assert shown == sorted(shown) and all(days % base == 0 for days in shown)
        assert not shown or (measure in of_days and value is not None)
        assert (quartiles[1] is not None) == (status == "rounded")


def test_an_effect_stands_with_its_interval_on_every_row_of_its_intervention(release):
    _, connection = release
    rows = connection.execute(
        "select intervention, count(distinct coalesce(effect, -99)), min(effect), min(effect_low), "
        "max(effect_high), min(effect_status), max(effect_status) "
        "from intervention_panel group by 1"
    ).fetchall()
    assert rows
    for _, different, effect, low, high, status, other in rows:
        assert different == 1 and status == other
        assert (effect is None) == (status == "hidden")
        assert effect is None or low <= effect <= high
