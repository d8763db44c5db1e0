"""The panel finds an effect that was planted, of the size it has, and none where none was."""

import shutil

import pytest
from built_warehouse import MONTHS, PERSONS, SEED, Warehouse

TIMES = 10
# One council's few starts say little; all councils' own agreements together say enough.
ESTIMATES = """
    select
        sum(e.matched_starts * e.effect) / sum(e.matched_starts) as effect,
        sqrt(sum(power(e.matched_starts * e.standard_error, 2))) / sum(e.matched_starts) as error,
        sum(e.matched_starts) as starts,
        max(abs(e.balance_of_prior_use)) as imbalance
    from pseudonymised.intermediate.int_intervention_effects_estimated e
    join pseudonymised.intermediate.int_agreements_current a using (agreement_reference)
    where a.recipient_type = 'council' and e.intervention = 'equipment'
"""
MATCHED = """
    select t.nhs_number, m.month_number, d.months_after
    from pseudonymised.intermediate.int_panel_persons_matched m
    join pseudonymised.intermediate.int_agreements_current a using (agreement_reference)
    join pseudonymised.intermediate.int_panel_months_described d
        using (agreement_reference, person_token, month_start)
    join (
        select distinct person_token, nhs_number
        from identifiable.intermediate.int_tokens_assigned
    ) t using (person_token)
    where a.recipient_type = 'council' and m.intervention = 'equipment'
        and m.group_name = 'started' and m.weight > 0
"""


@pytest.fixture(scope="module")
def planted(warehouse, tmp_path_factory) -> Warehouse:
    """The same warehouse with the same sample's health extract, and an effect planted in it."""
    scratch = warehouse.copy(tmp_path_factory.mktemp("planted") / "warehouse")
    out = tmp_path_factory.mktemp("sample")
    size = ("--persons", str(PERSONS), "--months", str(MONTHS), "--seed", str(SEED))
    scratch.run(
        "asc", "sample", "--out", out, *size, "--effect", "Equipment", str(TIMES), "--quiet"
    )
    shutil.copytree(out / "inbox" / "health", scratch.root / "inbox" / "health", dirs_exist_ok=True)
    shutil.copytree(out / "truth", scratch.root / "truth", dirs_exist_ok=True)
    scratch.run("asc", "land", "--quiet")
    models = "int_health_activity_pseudonymised+,+int_intervention_effects_estimated"
    scratch.dbt("run", "--select", models)
    return scratch


def estimate(warehouse: Warehouse) -> tuple[float, float]:
    ((effect, error, starts, imbalance),) = warehouse.query(ESTIMATES)
    assert starts > 20
    assert imbalance < 0.25
    return float(effect), float(error)


def test_a_planted_effect_is_found_within_its_interval(planted):
    # Given what was added to the contacts of each person who started, in the months after
    added: dict[str, list[int]] = {}
    for number, month in planted.query(f"""
        select p.nhs_number, year(e.day) * 12 + month(e.day)
        from {planted.truth("effects")} e join {planted.truth("persons")} p using (person_id)
    """):
        added.setdefault(number, []).append(month)
    changes = [
        sum(start < month <= start + 6 for month in added.get(number, [])) / months_after
        for number, start, months_after in planted.query(MATCHED)
    ]
    truth = sum(changes) / len(changes)
    # When the panel estimates it
    effect, error = estimate(planted)
    # Then the interval holds it, and does not hold nought
    assert truth > 0.2
    assert abs(effect - truth) < 1.96 * error
    assert effect > 1.96 * error


def test_no_effect_is_found_where_none_was_planted(warehouse):
    effect, error = estimate(warehouse)
    assert abs(effect) < 1.96 * error
    # Nor is that for want of knowing anything.
    assert error < 0.12
