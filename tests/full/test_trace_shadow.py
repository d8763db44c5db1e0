"""The estimate of false links that needs no truth, against truth."""

from benchmarks.trace import shadow, warehouse
from benchmarks.trace.population import Settings
from plugins import zones
from plugins.home import Home


def test_hidden_persons_are_counted_and_the_warehouse_stays_as_it_was(tmp_path):
    # Given a traced warehouse
    population, home = tmp_path / "population", Home.at(tmp_path / "home")
    warehouse.write_population(population, Settings(20_000, 2_000, seed=7, number_missing=0.2))
    warehouse.land(home, population)
    warehouse.dbt(home, "seed", "--select", "path:seeds/tracing")
    models = ("path:models/staging/person_index", "path:models/staging/tracing")
    tracing = "path:models/intermediate/identifiable/tracing"
    warehouse.dbt(home, "run", "--select", *models, tracing, "--exclude", *warehouse.APART)
    answers = "from identifiable.intermediate.int_persons_traced order by all"
    with zones.connect(home, identifiable="read") as connection:
        before = connection.execute(answers).fetchall()
    # When a fifth of the persons is hidden from a copy
    hidden, linked, unconfirmed = shadow.linked_though_hidden(home, tmp_path / "copy", 0.2)
    # Then about a fifth of the confirmed clients is hidden and hardly one of them linked
    confirmed = sum(row[4] == "cross_check" for row in before)
    assert 0.1 * confirmed < hidden < 0.3 * confirmed
    assert linked <= 0.02 * hidden
    assert unconfirmed == len(before) - confirmed
    # And the warehouse itself is untouched
    assert not (tmp_path / "copy").exists()
    with zones.connect(home, identifiable="read") as connection:
        assert connection.execute(answers).fetchall() == before
