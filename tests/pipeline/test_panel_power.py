"""How sure the panel is: effects of several sizes, planted many times where there are none."""

import numpy as np
import pyarrow as pa
import pytest
from built_warehouse import Warehouse

SIZES = (0.0, 0.1, 0.25, 0.5)  # contacts a person-month
TIMES = 100
WIDTH = 1.96
MODEL = "asc_warehouse/models/**/panel/int_intervention_effects_estimated.sql"
MATCHED = '"pseudonymised"."intermediate"."int_panel_persons_matched"'
ROWS = """
    select
        m.agreement_reference, m.intervention, m.group_name, m.person_token, m.weight,
        m.prior_contacts, m.use_before, m.use_after, d.months_after,
        dense_rank() over (
            order by m.agreement_reference, m.intervention, m.month_start, d.age_band, d.sex,
                d.setting_rank, d.prior_use_band
        ) as stratum
    from pseudonymised.intermediate.int_panel_persons_matched m
    join pseudonymised.intermediate.int_panel_months_described d
        using (agreement_reference, person_token, month_start)
    join pseudonymised.intermediate.int_agreements_current a using (agreement_reference)
    where a.recipient_type = 'council' and m.weight > 0
        and m.intervention in ('equipment', 'reablement')
    order by all
"""
POOLED = """
    select
        cast(split_part(agreement_reference, '|', 1) as double) as size,
        intervention,
        sum(matched_starts * effect) / sum(matched_starts) as effect,
        sqrt(sum(power(matched_starts * standard_error, 2))) / sum(matched_starts) as error
    from ({model})
    group by 1, 2, split_part(agreement_reference, '|', 2)
"""


def redrawn(rows: dict[str, np.ndarray], rng: np.random.Generator, name: str, size: float):
    """Matched persons with the starters drawn anew in each stratum, and an effect added to them.

    So there is no effect but the one planted: `size` contacts a person-month on average.
    """
    stratum = rows["stratum"]
    place = np.lexsort((rng.random(len(stratum)), stratum))
    home = np.argsort(stratum, kind="stable")
    mixed = np.empty_like(place)
    mixed[home] = place
    drawn = {column: values[mixed] for column, values in rows.items()}
    drawn |= {column: rows[column] for column in ("group_name", "weight", "intervention")}
    started = np.flatnonzero(rows["group_name"] == "started")
    months = drawn["months_after"][started]
    drawn["use_after"][started] += rng.poisson(size * months) / months
    drawn["agreement_reference"] = np.array([f"{name}|{a}" for a in rows["agreement_reference"]])
    return pa.table({column: pa.array(values.tolist()) for column, values in drawn.items()})


@pytest.fixture(scope="module")
def estimates(warehouse: Warehouse) -> dict[tuple[str, float], np.ndarray]:
    """Estimates and standard errors of each intervention and size, shape (TIMES, 2)."""
    rng = np.random.default_rng(7)
    (compiled,) = (warehouse.root / "target" / "compiled").glob(MODEL)
    model = compiled.read_text().replace(MATCHED, "drawn")
    assert "from drawn" in model
    with warehouse.connect(pseudonymised="read") as connection:
        rows = {
            column: np.array(values.tolist())
            for column, values in connection.execute(ROWS).fetchnumpy().items()
        }
        drawn = pa.concat_tables(
            redrawn(rows, rng, f"{size}|{turn}", size) for size in SIZES for turn in range(TIMES)
        )
        connection.register("drawn", drawn)
        found = connection.execute(POOLED.format(model=model)).fetchall()
    kept: dict[tuple[str, float], list] = {}
    for size, intervention, effect, error in found:
        kept.setdefault((intervention, size), []).append((effect, error))
    return {key: np.array(values) for key, values in kept.items()}


@pytest.mark.parametrize("intervention", ["equipment", "reablement"])
def test_the_interval_holds_the_effect_as_often_as_it_says_and_tells_it_from_nought(
    estimates, intervention
):
    power = []
    for size in SIZES:
        effect, error = estimates[intervention, size].T
        assert len(effect) == TIMES
        holds = np.mean(np.abs(effect - size) < WIDTH * error)
        power.append(np.mean(effect > WIDTH * error))
        print(
            f"{intervention}, {size} contacts a person-month planted: mean {effect.mean():.3f}, "
            f"standard error {error.mean():.3f}, interval holds it in {holds:.0%}, "
            f"leaves out nought in {power[-1]:.0%}"
        )
        # 95 in 100 by intention; fewer starts than a normal curve wants cost a few.
        assert holds >= 0.86
        assert abs(effect.mean() - size) < 4 * effect.std() / np.sqrt(TIMES)
    assert power[0] < 0.12
    assert power == sorted(power)
    assert power[-1] > 0.9
